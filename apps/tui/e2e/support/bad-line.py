"""A line between two networks of their own, which loses, delays and cuts.

Makes two network namespaces, each with the end of a tunnel, and carries their packets from one to the other. Prints one line of JSON
when it is ready: the namespaces, as files that exist while this runs. Each line of JSON on stdin changes the line: `delay_ms` one way,
`loss` from 0 to 1, `bytes_per_s` or null each way. Answers each with the counts of packets so far. Ends with its stdin.
"""
import ctypes, fcntl, heapq, json, os, random, select, struct, subprocess, sys, time

CLONE_NEWNET, TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x40000000, 0x400454CA, 1, 0x1000
# What waits at a bottleneck; more is lost, as in a router.
MAX_WAITING_BYTES = 256 * 1024


def open_end(address):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), 'unshare')
    tunnel = os.open('/dev/net/tun', os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tunnel, TUNSETIFF, struct.pack('16sH22x', b'line', IFF_TUN | IFF_NO_PI))
    for command in ('link set lo up', f'address add {address}/24 dev line', 'link set line up'):
        subprocess.run(['ip', *command.split()], check=True)
    return tunnel, os.open('/proc/self/ns/net', os.O_RDONLY)


near, near_namespace = open_end('10.9.0.2')
far, far_namespace = open_end('10.9.0.1')
line = {'delay_ms': 0, 'loss': 0, 'bytes_per_s': None}
counts = {'carried': 0, 'lost': 0}
chance = random.Random(18)
under_way = []  # (arrives_at, order, end, packet)
order = 0
free_at = {near: 0.0, far: 0.0}  # by the end that receives
print(json.dumps({'near': f'/proc/{os.getpid()}/fd/{near_namespace}', 'far': f'/proc/{os.getpid()}/fd/{far_namespace}'}), flush=True)


def send(packet, end, now):
    global order
    leaves_at = now
    if line['bytes_per_s'] is not None:
        leaves_at = max(now, free_at[end])
        if (leaves_at - now) * line['bytes_per_s'] > MAX_WAITING_BYTES:
            counts['lost'] += 1
            return
        leaves_at += len(packet) / line['bytes_per_s']
        free_at[end] = leaves_at
    if chance.random() < line['loss']:
        counts['lost'] += 1
        return
    counts['carried'] += 1
    order += 1
    heapq.heappush(under_way, (leaves_at + line['delay_ms'] / 1000, order, end, packet))


while True:
    timeout = max(0, under_way[0][0] - time.monotonic()) if under_way else None
    readable, _, _ = select.select([near, far, sys.stdin], [], [], timeout)
    now = time.monotonic()
    for end, other in ((near, far), (far, near)):
        if end in readable:
            send(os.read(end, 65536), other, now)
    if sys.stdin in readable:
        command = sys.stdin.readline()
        if command == '':
            break
        line.update(json.loads(command))
        print(json.dumps(counts), flush=True)
    while under_way and under_way[0][0] <= now:
        _, _, end, packet = heapq.heappop(under_way)
        try:
            os.write(end, packet)
        except OSError:
            counts['lost'] += 1  # The queue of the end is full, or it has no address now.

"""A WebSocket client (RFC 6455) on a plain socket, as far as docs/protocol.md needs it."""

import base64
import hashlib
import os
import socket
from urllib.parse import urlsplit

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
CONNECT_SECONDS = 10
# The server sends a ping every 15 s: after such a silence, it is gone.
SILENCE_SECONDS = 45


class Refused(Exception):
    """The server answered the handshake with another HTTP status than 101."""

    def __init__(self, status):
        super().__init__(f'the server refused the connection with status {status}')
        self.status = status


class ConnectionLost(Exception):
    """The connection has ended: by a close frame, or without one."""


class WebSocket:
    def __init__(self, url, token):
        address = urlsplit(url)
        self._socket = socket.create_connection((address.hostname, address.port), timeout=CONNECT_SECONDS)
        self._reader = self._socket.makefile('rb')
        try:
            self._shake_hands(address.netloc, token)
        except BaseException:
            self.drop()
            raise
        self._socket.settimeout(SILENCE_SECONDS)

    def send(self, text):
        self._send_frame(TEXT, text.encode())

    def receive(self):
        """Returns the text of the next message. Answers pings meanwhile."""
        parts = []
        while True:
            first, second = self._read(2)
            length = second & 0x7F
            if length > 125:
                length = int.from_bytes(self._read(2 if length == 126 else 8), 'big')
            data = self._read(length)
            opcode = first & 0x0F
            if opcode == PING:
                self._send_frame(PONG, data)
            elif opcode == CLOSE:
                raise ConnectionLost(f'the server closed with {int.from_bytes(data[:2], "big")}: {data[2:].decode()}')
            elif opcode != PONG:
                parts.append(data)
                if first & 0x80:
                    return b''.join(parts).decode()

    def close(self, reason=''):
        self._send_frame(CLOSE, (1000).to_bytes(2, 'big') + reason.encode()[:123])
        self.drop()

    def drop(self):
        """Ends the connection without a close frame, as a network failure does."""
        self._reader.close()
        self._socket.close()

    def _shake_hands(self, host, token):
        key = base64.b64encode(os.urandom(16)).decode()
        headers = {
            'Host': host,
            'Upgrade': 'websocket',
            'Connection': 'Upgrade',
            'Sec-WebSocket-Version': '13',
            'Sec-WebSocket-Key': key,
            'Authorization': f'Bearer {token}',
        }
        lines = ['GET / HTTP/1.1', *(f'{name}: {value}' for name, value in headers.items()), '', '']
        self._socket.sendall('\r\n'.join(lines).encode())
        status = int(self._reader.readline().split()[1])
        if status != 101:
            raise Refused(status)
        answered = {}
        while (line := self._reader.readline().decode().strip()) != '':
            name, value = line.split(':', 1)
            answered[name.lower()] = value.strip()
        digest = hashlib.sha1(f'{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11'.encode()).digest()
        if answered.get('sec-websocket-accept') != base64.b64encode(digest).decode():
            raise ConnectionLost('the server speaks no WebSocket')

    def _send_frame(self, opcode, data):
        length = len(data)
        if length < 126:
            head = bytes([0x80 | opcode, 0x80 | length])
        elif length < 1 << 16:
            head = bytes([0x80 | opcode, 0x80 | 126]) + length.to_bytes(2, 'big')
        else:
            head = bytes([0x80 | opcode, 0x80 | 127]) + length.to_bytes(8, 'big')
        mask = os.urandom(4)
        try:
            self._socket.sendall(head + mask + masked(data, mask))
        except OSError as error:
            raise ConnectionLost(str(error)) from error

    def _read(self, length):
        try:
            data = self._reader.read(length)
        except OSError as error:
            raise ConnectionLost(str(error)) from error
        if len(data) < length:
            raise ConnectionLost('the server is gone')
        return data


def masked(data, mask):
    keys = (mask * (len(data) // 4 + 1))[: len(data)]
    return (int.from_bytes(data, 'big') ^ int.from_bytes(keys, 'big')).to_bytes(len(data), 'big')

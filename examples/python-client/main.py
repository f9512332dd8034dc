"""Follows a session over a lost connection. Arguments: the command that starts `holdfast`; by default, that."""

import json
import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

from gateway import Gateway, GatewayError, Session, greeting_problem, output_bytes
from websocket import Refused

SESSION_NOT_FOUND = 4001
PROTOCOL_MISMATCH = 4007
ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'


def main(holdfast):
    # Short: the path of a socket in it may have 103 bytes.
    with tempfile.TemporaryDirectory(prefix='hf-', dir='/tmp', ignore_cleanup_errors=True) as home:
        command = [*holdfast, 'serve', '--listen', '127.0.0.1:0', '--json']
        with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, 'HOLDFAST_HOME': home}) as server:
            try:
                line = server.stdout.readline()
                if line == b'':
                    sys.exit(f'`{" ".join(command)}` did not start: it says why above')
                address = json.loads(line)
                use_session(address['url'], Path(address['token_file']).read_text().strip(), home)
            finally:
                server.terminate()


def use_session(url, token, folder):
    check_refusals(url, token)
    session = Session(''.join(secrets.choice(ALPHABET) for _ in range(10)))
    try:
        gateway = run_over_lost_connection(url, token, session, folder)
    finally:
        other = Gateway(url, token)
        closed = other.request('session.close', session_id=session.id)
    assert closed == {'closed': True}
    event = next(event for event in session.events() if event['type'] == 'session.closed')
    # The name of the credential: the access token.
    assert event['payload'] == {'reason': 'user', 'by': 'token'}
    assert gateway.request('session.close', session_id=session.id) == {'closed': False}
    assert gateway.request('session.delete', session_id=session.id) == {}
    check_unknown(gateway, session.id)
    gateway.close()
    other.close()


def run_over_lost_connection(url, token, session, folder):
    """Runs a command, and drops the connection in the middle. Returns the connection after it."""
    gateway = Gateway(url, token)
    for _ in range(2):
        created = gateway.request('session.create', session_id=session.id, cwd=folder, shell='sh')
        assert created == {'session_id': session.id}
    assert session.resume(gateway)['running'] is None

    prompt = {
        'session_id': session.id,
        'prompt_id': secrets.token_hex(16),
        # The file keeps it from ending before this client is back.
        'text': 'for n in $(seq 60); do echo $n; sleep 0.02; done; until [ -e back ]; do sleep 0.1; done; seq 61 100',
    }
    assert gateway.request('prompt.submit', **prompt)['status'] == 'running'
    seen = []
    output = follow(session, seen, lambda printed: b'\r\n30\r\n' in printed)

    gateway.drop()
    gateway = Gateway(url, token)
    assert session.resume(gateway)['running']['prompt_id'] == prompt['prompt_id']
    assert gateway.request('prompt.submit', **prompt)['status'] == 'running'
    Path(folder, 'back').touch()
    output += follow(session, seen, lambda _: False)

    assert output.split() == [str(number).encode() for number in range(1, 101)], output
    assert seen[-1]['payload']['status'] == 'complete' and seen[-1]['payload']['exit_code'] == 0
    assert [event['type'] for event in seen].count('message.start') == 1
    assert [event['seq'] for event in seen] == list(range(1, len(seen) + 1))
    assert read_log(gateway, session.id) == seen
    return gateway


def follow(session, seen, is_enough):
    """Collects events until the prompt has ended, or its output is enough. Returns the output."""
    output = b''
    for event in session.events():
        seen.append(event)
        if event['type'] == 'message.delta':
            output += output_bytes(event['payload'])
        if event['type'] == 'message.complete' or is_enough(output):
            return output


def read_log(gateway, session_id):
    events = []
    while True:
        after_seq = events[-1]['seq'] if events else 0
        page = gateway.request('session.events', session_id=session_id, after_seq=after_seq, limit=10)['events']
        if not page:
            return events
        events += page


def check_refusals(url, token):
    try:
        Gateway(url, 'not-the-token-of-this-server')
        raise AssertionError('a wrong token was accepted')
    except Refused as refused:
        assert refused.status == 401
    gateway = Gateway(url, token, hello={'protocol': 3, 'version': '9.0.0'})
    refusal = gateway.next_event()
    assert refusal['type'] == 'gateway.refused' and refusal['payload']['code'] == PROTOCOL_MISMATCH
    assert 'speaks protocol 3, this program speaks 2' in refusal['payload']['message']
    newer = {'method': 'event', 'params': {'type': 'gateway.ready', 'payload': {'protocol': 3, 'version': '9.0.0'}}}
    assert greeting_problem(newer).startswith('this client speaks protocol 2, the server 3')


def check_unknown(gateway, session_id):
    try:
        gateway.request('session.events', session_id=session_id)
        raise AssertionError('a deleted session was found')
    except GatewayError as error:
        assert error.code == SESSION_NOT_FOUND


main(sys.argv[1:] or ['holdfast'])
print('The connection was lost while the command ran; every number came, once and in order, and it ran once')

"""A client of a Holdfast gateway: greeting, requests, and the events of a session."""

import base64
import json
from collections import deque

from websocket import ConnectionLost, WebSocket

PROTOCOL = 2
HELLO = {'protocol': PROTOCOL, 'version': '1.0.0', 'name': 'python'}


class GatewayError(Exception):
    """The gateway answered a request with an error. Decide by the code; the message is for people."""

    def __init__(self, code, message):
        super().__init__(f'{message} ({code})')
        self.code = code


class CannotUse(Exception):
    """The server speaks another version of the protocol, has no room, or is no gateway."""


class Gateway:
    def __init__(self, url, token, hello=HELLO):
        self._socket = WebSocket(url, token)
        self._last_id = 0
        self._waiting_events = deque()
        problem = greeting_problem(self._receive())
        if problem is not None:
            self._socket.close(problem)
            raise CannotUse(problem)
        self._socket.send(json.dumps({'jsonrpc': '2.0', 'method': 'client.hello', 'params': hello}))

    def request(self, method, **params):
        self._last_id += 1
        self._socket.send(json.dumps({'jsonrpc': '2.0', 'id': self._last_id, 'method': method, 'params': params}))
        while True:
            message = self._receive()
            if message.get('method') == 'event':
                self._waiting_events.append(message['params'])
            elif message.get('id') == self._last_id:
                if 'error' in message:
                    raise GatewayError(message['error']['code'], message['error']['message'])
                return message['result']

    def next_event(self):
        while len(self._waiting_events) == 0:
            message = self._receive()
            if message.get('method') == 'event':
                self._waiting_events.append(message['params'])
        return self._waiting_events.popleft()

    def close(self):
        self._socket.close()

    def drop(self):
        self._socket.drop()

    def _receive(self):
        return json.loads(self._socket.receive())


class Session:
    """A session that is followed over any number of connections."""

    def __init__(self, session_id):
        self.id = session_id
        self.last_seq = 0

    def resume(self, gateway):
        """Subscribes to the events after the last one that was handled. Returns the state of the session."""
        self._gateway = gateway
        return gateway.request('session.resume', session_id=self.id, after_seq=self.last_seq)['state']

    def events(self):
        """The logged events, each once and in order."""
        while True:
            event = self._gateway.next_event()
            if event.get('session_id') != self.id or 'seq' not in event:
                continue
            if event['seq'] != self.last_seq + 1:
                raise ConnectionLost(f'expected event {self.last_seq + 1}, got {event["seq"]}')
            self.last_seq = event['seq']
            yield event


def greeting_problem(message):
    """What is wrong with the first message of a server; None for a greeting that fits."""
    params = message.get('params', {})
    payload = params.get('payload', {})
    if params.get('type') == 'gateway.refused':
        return payload['message']
    if params.get('type') != 'gateway.ready':
        return 'the server is no Holdfast gateway'
    if payload['protocol'] != PROTOCOL:
        return f'this client speaks protocol {PROTOCOL}, the server {payload["protocol"]}: update the older of the two'
    return None


def output_bytes(payload):
    return base64.b64decode(payload['base64']) if 'base64' in payload else payload['text'].encode()

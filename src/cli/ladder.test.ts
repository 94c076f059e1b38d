import { describe, expect, it } from 'vitest';
import { drawLadder, type LadderMessage } from './ladder.ts';

const [alice, exchange, bob] = ['127.0.0.1:5080', '127.0.0.1:5060', '127.0.0.1:5090'];

function request(method: string, more = ''): string {
  return `${method} sip:0262006200082@127.0.0.1 SIP/2.0\r\nCSeq: 1 ${method}\r\n${more}\r\n`;
}

function response(status: string, method: string): string {
  return `SIP/2.0 ${status}\r\nCSeq: 1 ${method}\r\n\r\n`;
}

function message(atMs: number, from: string, to: string, text: string): LadderMessage {
  return { atMs, from, to, text };
}

describe('the ladder of a call', () => {
  it('has a column a party, an arrow a message, and the time since the first', () => {
    const start = 1_795_000_000_000;
    const drawn = drawLadder([
      message(start, alice, exchange, request('INVITE', 'Content-Type: application/sdp\r\n')),
      message(start + 2, exchange, bob, request('INVITE', 'c: application/sdp\r\n')),
      message(start + 1004, bob, exchange, response('180 Ringing', 'INVITE')),
      message(start + 1005, exchange, alice, response('180 Ringing', 'INVITE')),
      message(start + 61_005, alice, exchange, request('BYE')),
      message(start + 61_006, exchange, alice, response('200 OK', 'BYE')),
    ]);
    expect(drawn).toBe(
      [
        '           127.0.0.1:5080      127.0.0.1:5060      127.0.0.1:5090',
        ' 0.000           |-- INVITE (sdp) -->|                   |',
        ' 0.002           |                   |-- INVITE (sdp) -->|',
        ' 1.004           |                   |<-- 180 Ringing ---|',
        ' 1.005           |<-- 180 Ringing ---|                   |',
        '61.005           |------ BYE ------->|                   |',
        '61.006           |<-- 200 OK (BYE) --|                   |',
        '',
      ].join('\n'),
    );
  });

  it('marks what was sent again', () => {
    const drawn = drawLadder([
      message(0, alice, exchange, request('OPTIONS')),
      message(500, alice, exchange, request('OPTIONS')),
    ]);
    expect(drawn.match(/OPTIONS(?: again)?/g)).toEqual(['OPTIONS', 'OPTIONS again']);
  });

  it('draws an arrow past a party in between', () => {
    const drawn = drawLadder([
      message(0, alice, exchange, request('INVITE')),
      message(1, exchange, bob, request('INVITE')),
      message(2, bob, alice, request('BYE')),
    ]);
    const lines = drawn.split('\n');
    expect(lines[3]).toMatch(/\|<-+ BYE -+\|$/);
    expect(lines[3]?.length).toBe(lines[2]?.length);
  });

  it('lets a message steer no terminal', () => {
    expect(drawLadder([message(0, alice, exchange, '\u001b[2J\u0007 sip:x SIP/2.0')])).not.toMatch(
      /[\u001b\u0007]/,
    );
  });

  it('says so where there is nothing to draw', () => {
    expect(drawLadder([])).toBe('No messages.\n');
  });
});

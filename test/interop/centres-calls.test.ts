import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { DATABASES, describeDatabase } from '../support/databases.ts';
import { field, IncomingCall, OutgoingCall, RawPhone } from '../support/raw-phone/index.ts';
import {
  buildWorld,
  CentreProcess,
  createOperator,
  type ShownCall,
  type TerminalAccess,
  type World,
} from '../support/service/index.ts';

const SIP_PORT = 24_700;

for (const server of DATABASES.slice(0, 1)) {
  describeDatabase(server, 'three processes are one service', (fresh) => {
    const phones: RawPhone[] = [];
    let centres: CentreProcess[] = [];
    let world: World;
    let kr: CentreProcess;
    let us: CentreProcess;
    let jp: CentreProcess;

    beforeAll(async () => {
      const { url } = await fresh();
      const key = await createOperator(url);
      const start = (centre: string, address: string) =>
        CentreProcess.start(
          {
            databaseUrl: url,
            centre,
            address,
            sipPort: SIP_PORT,
            env: { OMNIDIAL_DRAIN_SECONDS: '20' },
          },
          key,
        );
      centres = await Promise.all([
        start('KR', '127.0.0.11'),
        start('US', '127.0.0.12'),
        start('JP', '127.0.0.13'),
      ]);
      [kr, us, jp] = centres as [CentreProcess, CentreProcess, CentreProcess];
      world = await buildWorld(kr.api);
    }, 90_000);

    // A phone of an earlier test would ring as well.
    afterEach(async () => {
      for (const phone of phones.splice(0)) {
        await phone.register(0);
        phone.close();
      }
    });

    afterAll(async () => {
      await Promise.all(centres.map((centre) => centre.end('SIGKILL')));
    });

    async function phoneAt(centre: CentreProcess, { user, password }: TerminalAccess): Promise<RawPhone> {
      const phone = await RawPhone.open({ user, password, server: centre.sipAddress });
      phones.push(phone);
      expect(await phone.register()).toMatchObject({ status: 200 });
      return phone;
    }

    async function callsOf(centre: CentreProcess): Promise<ShownCall[]> {
      return centre.api.list<ShownCall>('/v1/calls');
    }

    it('R13: a phone at KR is called from a phone at US by PIN, and there is one record', async () => {
      const callee = await phoneAt(kr, world.korean.terminals[0] as TerminalAccess);
      const caller = await phoneAt(us, world.american.terminals[0] as TerminalAccess);
      await settled();
      const call = new OutgoingCall(caller, world.korean.dial);
      const rings = await IncomingCall.at(callee);
      expect(field(rings.invite.text, 'From')).toContain(world.american.dial);
      expect(rings.invite.text).not.toMatch(/Omnidial-Errand/i);
      rings.respond(180);
      expect(await call.answer()).toMatchObject({ status: 180 });
      rings.respond(200);
      expect(await call.final()).toMatchObject({ status: 200 });
      await rings.acknowledged();
      const [hangUp] = await Promise.all([rings.hungUp(), call.bye()]);
      expect(hangUp.text).toMatch(/^BYE /);
      await expect.poll(async () => (await callsOf(jp)).map(({ status }) => status)).toEqual(['completed']);
      expect(await callsOf(kr)).toMatchObject([
        { calleeMemberId: world.korean.memberId, calleeTerminalId: world.korean.terminals[0]?.id },
      ]);
    });

    it('R13: a branch is reached by VNS from a phone at another process', async () => {
      const callee = await phoneAt(jp, world.enterprise.branches['081'] as TerminalAccess);
      const caller = await phoneAt(us, world.american.terminals[0] as TerminalAccess);
      await settled();
      const call = new OutgoingCall(caller, world.enterprise.dial('081'));
      const rings = await IncomingCall.at(callee);
      rings.respond(200);
      expect(await call.final()).toMatchObject({ status: 200 });
      await rings.acknowledged();
      const [, answer] = await Promise.all([call.hungUp(), rings.bye()]);
      expect(answer.status).toBe(200);
    });

    it('a phone at another process is busy, is given up, and hides its caller', async () => {
      const callee = await phoneAt(jp, world.japanese.terminals[0] as TerminalAccess);
      const caller = await phoneAt(us, world.american.terminals[0] as TerminalAccess);
      await settled();
      const turnedAway = new OutgoingCall(caller, world.japanese.dial, ['Privacy: id']);
      const first = await IncomingCall.at(callee);
      expect(first.invite.text).not.toContain(world.american.dial);
      first.respond(486);
      expect(await turnedAway.final()).toMatchObject({ status: 486 });
      const givenUp = new OutgoingCall(caller, world.japanese.dial);
      const second = await IncomingCall.at(callee);
      second.respond(180);
      await givenUp.answer();
      givenUp.cancel();
      await second.cancelled();
      expect(await givenUp.final()).toMatchObject({ status: 487 });
    });

    it('phones of a member at two processes both ring, and the one that is late is told who was first', async () => {
      const [here, there] = world.korean.terminals as [TerminalAccess, TerminalAccess];
      const atKr = await phoneAt(kr, here);
      const atJp = await phoneAt(jp, there);
      const caller = await phoneAt(us, world.american.terminals[0] as TerminalAccess);
      await settled();
      const before = (await callsOf(us)).length;
      const call = new OutgoingCall(caller, world.korean.dial);
      const [one, other] = await Promise.all([IncomingCall.at(atKr), IncomingCall.at(atJp)]);
      one.respond(180);
      other.respond(180);
      other.respond(200);
      expect(await call.final()).toMatchObject({ status: 200 });
      await Promise.all([other.acknowledged(), one.cancelled()]);
      await Promise.all([other.hungUp(), call.bye()]);
      await expect.poll(async () => (await callsOf(us)).length).toBe(before + 1);
      await expect
        .poll(async () => (await callsOf(us))[0])
        .toMatchObject({ status: 'completed', calleeTerminalId: there.id });
    });

    it('a phone at another process may take its time before it rings, as one here may', async () => {
      const callee = await phoneAt(jp, world.japanese.terminals[0] as TerminalAccess);
      const caller = await phoneAt(us, world.american.terminals[0] as TerminalAccess);
      await settled();
      const call = new OutgoingCall(caller, world.japanese.dial);
      const slow = await IncomingCall.at(callee);
      slow.respond(100);
      await new Promise((resolve) => setTimeout(resolve, 5_500));
      slow.respond(200);
      expect(await call.final()).toMatchObject({ status: 200 });
      await slow.acknowledged();
      await Promise.all([slow.hungUp(), call.bye()]);
    });

    it('a process that stands still for five seconds is rung again, with its call and its phones', async () => {
      const callee = await phoneAt(jp, world.japanese.terminals[0] as TerminalAccess);
      const caller = await phoneAt(us, world.american.terminals[0] as TerminalAccess);
      await settled();
      const held = new OutgoingCall(caller, world.japanese.dial);
      const first = await IncomingCall.at(callee);
      first.respond(200);
      await held.final();
      await first.acknowledged();
      jp.signal('SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      jp.signal('SIGCONT');
      const goesOnAt = performance.now();
      const answers = answerBusy(callee);
      await expect
        .poll(async () => (await new OutgoingCall(caller, world.japanese.dial).final()).status, {
          timeout: 8_000,
          interval: 20,
        })
        .toBe(486);
      answers.stop();
      console.log(
        `phones of a halted process were reached ${Math.round(performance.now() - goesOnAt)} ms later`,
      );
      const [, bye] = await Promise.all([first.hungUp(), held.bye()]);
      expect(bye).toMatchObject({ status: 200 });
      await expect
        .poll(async () => (await callsOf(us)).some(({ status }) => status === 'answered'))
        .toBe(false);
    });

    it('RFC 3428: a message reaches a phone at another process', async () => {
      const callee = await phoneAt(jp, world.japanese.terminals[0] as TerminalAccess);
      const caller = await phoneAt(us, world.american.terminals[0] as TerminalAccess);
      await settled();
      const type = 'Content-Type: text/plain';
      const sent = caller.ask('MESSAGE', `sip:${world.japanese.dial}@${caller.server}`, [type], 'good day');
      const message = await callee.next('a MESSAGE', (m) => m.status === 0 && m.method === 'MESSAGE');
      expect(message.text).toContain('good day');
      const copied = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].map(
        (name) => `${name}: ${field(message.text, name)}`,
      );
      callee.wire.send(['SIP/2.0 200 OK', ...copied, 'Content-Length: 0', '', ''].join('\r\n'));
      expect(await sent).toMatchObject({ status: 200 });
    });

    it('R1: what claims to come from a process of ours and is not signed by one is refused', async () => {
      const stranger = await RawPhone.open({ user: 'stranger', password: '', server: kr.sipAddress });
      phones.push(stranger);
      const said = {
        sipCallId: 'x',
        errand: { kind: 'terminal', terminalId: world.korean.terminals[0]?.id },
      };
      const text = Buffer.from(JSON.stringify(said)).toString('base64url');
      for (const value of [`${text};1793000000000;AAAA`, text, '', ';;;', '%%%']) {
        const call = new OutgoingCall(stranger, world.korean.dial, [`Omnidial-Errand: ${value}`]);
        expect(await call.final()).toMatchObject({ status: 403 });
      }
    });

    it('R1: a process that ends takes no new calls, and its phones are reached by it until it has ended', async () => {
      const callee = await phoneAt(jp, world.japanese.terminals[0] as TerminalAccess);
      const caller = await phoneAt(us, world.american.terminals[0] as TerminalAccess);
      await settled();
      const held = new OutgoingCall(caller, world.japanese.dial);
      const first = await IncomingCall.at(callee);
      first.respond(200);
      await held.final();
      await first.acknowledged();
      jp.signal('SIGTERM');
      await settled();
      expect(await new OutgoingCall(callee, world.american.dial).final()).toMatchObject({ status: 503 });
      // Whoever calls for help is sent nowhere else; here there is no help, and so it is said.
      expect(await new OutgoingCall(callee, '119').final()).toMatchObject({ status: 404 });
      const late = new OutgoingCall(caller, world.japanese.dial);
      const second = await IncomingCall.at(callee, 3_000);
      second.respond(486);
      expect(await late.final()).toMatchObject({ status: 486 });
      expect(jp.isRunning).toBe(true);
      const [, bye] = await Promise.all([first.hungUp(), held.bye()]);
      expect(bye).toMatchObject({ status: 200 });
      await expect.poll(() => jp.isRunning, { timeout: 10_000 }).toBe(false);
      await jp.launch();
      const readyAt = performance.now();
      // The others hear of it with their next heartbeat; nobody registers again.
      const answers = answerBusy(callee);
      await expect
        .poll(async () => (await new OutgoingCall(caller, world.japanese.dial).final()).status, {
          timeout: 5_000,
          interval: 20,
        })
        .toBe(486);
      answers.stop();
      console.log(
        `phones of a restarted process were reached ${Math.round(performance.now() - readyAt)} ms later`,
      );
    });
  });
}

/** Longer than a change takes to be known everywhere. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 300));
}

/** Every call that comes is answered busy, until it is told to stop. */
function answerBusy(phone: RawPhone): { readonly stop: () => void } {
  let isOver = false;
  const next = async () => {
    while (!isOver) (await IncomingCall.at(phone, 30_000)).respond(486);
  };
  next().catch(() => {});
  return {
    stop: () => {
      isOver = true;
    },
  };
}

import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** The rtpengine of Debian, in userspace. */
export class Rtpengine {
  readonly port: number;
  readonly pid: number;
  readonly #child: ChildProcess;

  /** Starts it on this port or a free one, with these ports for sound; rejects where it does not answer. */
  static async start(
    ports: { readonly from: number; readonly to: number },
    controlPort?: number,
  ): Promise<Rtpengine> {
    const port = controlPort ?? (await freePort());
    const child = spawn(
      'rtpengine',
      [
        '--table=-1',
        '--foreground',
        '--log-stderr',
        '--log-level=2',
        '--interface=127.0.0.1',
        `--listen-ng=127.0.0.1:${port}`,
        `--port-min=${ports.from}`,
        `--port-max=${ports.to}`,
      ],
      { stdio: 'ignore' },
    );
    const rtpengine = new Rtpengine(child, port);
    // Rejects where it is not installed.
    await once(child, 'spawn');
    await rtpengine.#answers();
    return rtpengine;
  }

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
    this.pid = child.pid ?? 0;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }

  async #answers(): Promise<void> {
    const socket = createSocket('udp4');
    let hasAnswered = false;
    socket.on('message', () => {
      hasAnswered = true;
    });
    socket.on('error', () => {});
    for (let tries = 0; tries < 200 && !hasAnswered; tries += 1) {
      socket.send('1 d7:command4:pinge', this.port, '127.0.0.1');
      await sleep(50);
    }
    socket.close();
    if (!hasAnswered) throw new Error('rtpengine does not answer.');
  }
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

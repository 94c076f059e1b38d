import { connect } from 'node:net';

/** What the parent asks for: connections from an address of 127.0.0.0/8 that never say anything. */
export type Wave = { readonly from: string; readonly port: number; readonly count: number };

// Runs as a process of its own, since each process may have only so many open files. Answers when all are settled.
process.on('message', async ({ from, port, count }: Wave) => {
  await Promise.all(
    Array.from({ length: count }, () => {
      const socket = connect({ host: '127.0.0.1', port, localAddress: from });
      socket.on('error', () => {});
      return new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
    }),
  );
  process.send?.('settled');
});
process.on('disconnect', () => process.exit());

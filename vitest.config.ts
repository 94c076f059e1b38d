import { defineConfig } from 'vitest/config';

const slow = { testTimeout: 120_000, hookTimeout: 120_000, fileParallelism: false };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          // Unit tests leave nothing behind: one load of the modules serves them all, in a third of the time.
          isolate: false,
          include: [
            'src/**/*.test.ts',
            'test/architecture.test.ts',
            'test/documents.test.ts',
            'test/flows/**/*.test.ts',
          ],
        },
      },
      { test: { name: 'contracts', include: ['test/contracts/**/*.test.ts'], ...slow } },
      // Phones of others now and then miss a beat on a busy machine: they have a second try.
      { test: { name: 'interop', include: ['test/interop/**/*.test.ts'], retry: 1, ...slow } },
      { test: { name: 'faults', include: ['test/faults/**/*.test.ts'], ...slow } },
    ],
  },
});

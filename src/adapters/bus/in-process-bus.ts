import type { Bus, DirectoryChange } from '../../services/ports/index.ts';

/**
 * Carries changes to everyone in this process, at once and in the order of their subscription.
 * @param onError is told of a listener that threw; the others hear the change all the same
 */
export function createInProcessBus(onError: (error: unknown, change: DirectoryChange) => void): Bus {
  const listeners: ((change: DirectoryChange) => void)[] = [];
  return {
    publish(change) {
      for (const listener of listeners) {
        try {
          listener(change);
        } catch (error) {
          onError(error, change);
        }
      }
    },
    subscribe(listener) {
      listeners.push(listener);
    },
  };
}

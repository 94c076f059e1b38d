export { MediaPeer, soundAt } from './media-peer.ts';
export { Rtpengine } from './rtpengine.ts';

/** The sound of calls: RTP over UDP, and where sound comes from and goes to. */
export { Announcements } from './announcements.ts';
export { keyInInfo } from './info-key.ts';
export { Recording, type SoundSink } from './recording.ts';
export {
  type MediaListener,
  type MediaStatistics,
  type MediaTerms,
  RtpEndpoint,
  type RtpEndpointOptions,
} from './rtp-endpoint.ts';
export type { PortRange } from './rtp-socket.ts';
export { SILENCE, type SoundSource, samplesSource, toneSource } from './sound-source.ts';
export {
  askForNumber,
  askToTakeCall,
  type CallQuestion,
  type CallTaken,
  type DialledNumber,
  type NumberQuestion,
} from './voice-questions.ts';
export type { SpeechEnding, VoiceSession } from './voice-session.ts';
export { type OpenVoiceOptions, Voices, type VoicesOptions } from './voices.ts';
export { type CreatedWavFile, type ReadWavFile, readWavFile, WavFile } from './wav-file.ts';

export { MessageTrace, type MessageTraceOptions } from './message-trace.ts';

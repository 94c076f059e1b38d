/** What callers hear from the exchange itself, and what their keys mean to it (R16, R18). */
export {
  ANNOUNCEMENTS,
  type AnnouncementId,
  DIGIT_SOUNDS,
  SOUNDS,
  type SoundId,
  type Speech,
} from './announcement.ts';

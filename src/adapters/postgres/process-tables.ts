export interface ProcessTables {
  processes: {
    id: string;
    place: string;
    centres: string[] | null;
    address: string | null;
    is_draining: boolean;
    started_at: Date;
    heartbeat_at: Date;
  };
  process_secret: { is_only: boolean; secret: string };
}

export interface ChargingTables {
  charging_set_up: { revision: bigint; body: unknown };
  calling_terms: { member_id: string; body: unknown };
}

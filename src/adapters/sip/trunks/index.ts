/** Trunks on SIP: whose gateways live, who calls by them, and how calls go out on them. */
export { TrunkDesk, type TrunkDeskOptions } from './trunk-desk.ts';

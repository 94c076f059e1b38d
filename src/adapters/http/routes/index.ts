import type { Routes } from '../face.ts';
import { depositRoutes } from './deposits.ts';
import { errorRoutes } from './errors.ts';
import { healthRoutes } from './health.ts';
import { numberOrderRoutes } from './number-orders.ts';
import { numberRangeRoutes } from './number-ranges.ts';
import { offerRoutes } from './offer.ts';
import { openApiRoutes } from './open-api.ts';

/** Every group of routes; a new group is a new line here. */
export const ROUTES: readonly Routes[] = [
  openApiRoutes,
  healthRoutes,
  errorRoutes,
  offerRoutes,
  numberRangeRoutes,
  numberOrderRoutes,
  depositRoutes,
];

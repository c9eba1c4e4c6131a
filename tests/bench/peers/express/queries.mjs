// SPDX-License-Identifier: AGPL-3.0-or-later
// The statements behind each page, one read transaction a page. A page is { route, view, prepare },
// prepare(db) giving load(params, query): the view's data, or null when there is no such thing.
import { areaPage } from './area.mjs';
import { crimePage } from './crime.mjs';

export const pages = [crimePage, areaPage];

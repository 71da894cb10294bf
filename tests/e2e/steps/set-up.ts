// What a system administrator does before people use the app, and tidying up before and after.

import { Api } from "../fixtures/api";
import type { World } from "../fixtures";

/** The authority that DHIS2 asks for before it opens the app: `M_` and the app's key. */
const APP_AUTHORITY = "M_tributary";
const CLERK_ROLE = "urClerk0001";

/** Lets the clerk of the recordings' set-up use the app, as the Users app would do it. */
export async function letClerkUseTheApp(admin: Api): Promise<void> {
  const role = await admin.get(`userRoles/${CLERK_ROLE}?fields=:owner,authorities`);
  if (role.authorities.includes(APP_AUTHORITY)) return;
  role.authorities.push(APP_AUTHORITY);
  const answer = await admin.ask("POST", "metadata?importStrategy=UPDATE", { userRoles: [role] });
  const stats = (answer.response ?? answer).stats;
  if (stats?.updated !== 1) throw new Error(`role not changed: ${JSON.stringify(answer).slice(0, 800)}`);
}

/** Removes what the app has stored and the Routes that it made, of this run or of one that broke off. */
export async function removeTraces(world: World): Promise<void> {
  const admin = new Api(world.destination, world.admin);
  const namespace = await admin.send("DELETE", "dataStore/tributary");
  if (!namespace.ok && namespace.status !== 404) throw new Error(`dataStore: ${namespace.status}`);
  const { routes } = await admin.get<{ routes: { id: string; code?: string }[] }>(
    "routes?fields=id,code&paging=false",
  );
  for (const route of routes.filter((route) => route.code?.startsWith("tributary-"))) {
    await admin.ask("DELETE", `routes/${route.id}`);
  }
}

/** Removes what earlier imports left behind for the next ones. */
export async function forgetRuns(admin: Api): Promise<void> {
  const answer = await admin.send("GET", "dataStore/tributary");
  if (answer.status === 404) return;
  const keys = (await answer.json()) as string[];
  for (const key of keys.filter((key) => key.startsWith("run-") || key.startsWith("running-"))) {
    await admin.ask("DELETE", `dataStore/tributary/${key}`);
  }
}

// Puts the set-up of the recordings into a bare DHIS2: node seed.mjs <address>
//
// Metadata, the administrator's org units and 3,132 values, by the requests with which the
// recorded servers were set up. A real server that the stories run against has it already.

import { readFile } from "node:fs/promises";

const server = process.argv[2].replace(/\/+$/, "");
const headers = {
  Authorization: `Basic ${Buffer.from("admin:district").toString("base64")}`,
  "Content-Type": "application/json",
  "X-Requested-With": "XMLHttpRequest",
};

async function ask(method, path, body) {
  const answer = await fetch(server + path, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 1000)}`);
  return text ? JSON.parse(text) : undefined;
}

async function load(name) {
  return JSON.parse(await readFile(new URL(`../recordings/seed/${name}`, import.meta.url), "utf8"));
}

const admin = await ask("GET", "/api/me?fields=id");
const info = await ask("GET", "/api/system/info");
await ask("POST", "/api/metadata?importReportMode=ERRORS", await load("metadata.json"));
for (const part of ["organisationUnits", "dataViewOrganisationUnits"]) {
  await ask("POST", `/api/users/${admin.id}/${part}`, { additions: [{ id: "ouCountry01" }] });
}
const values = await load("values.json");
// Only 2.43 wants to know which data set they are of.
if (info.version < "2.43") delete values.dataSet;
const summary = await ask("POST", "/api/dataValueSets", values);
const counts = (summary.response ?? summary).importCount;
// 2.43 counts new values as updated; those that are there already are ignored before.
const conflicts = (summary.response ?? summary).conflicts ?? [];
const stored = counts.imported + counts.updated + (conflicts.length === 0 ? counts.ignored : 0);
if (stored !== values.dataValues.length) throw new Error(`values: ${JSON.stringify(counts)}`);

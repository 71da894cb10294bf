// Installs the app as App Management does: node install.mjs <address of a DHIS2> <zip>
//
// The administrator is the one that every new DHIS2 has; another is given as
// user:password in DHIS2_ADMIN.

import { readFile } from "node:fs/promises";
import { basename } from "node:path";

const [server, zip] = process.argv.slice(2);
const admin = process.env.DHIS2_ADMIN ?? "admin:district";
const form = new FormData();
form.append("file", new Blob([await readFile(zip)], { type: "application/zip" }), basename(zip));
const answer = await fetch(`${server.replace(/\/+$/, "")}/api/apps`, {
  method: "POST",
  body: form,
  headers: {
    Authorization: `Basic ${Buffer.from(admin).toString("base64")}`,
    "X-Requested-With": "XMLHttpRequest",
  },
  redirect: "manual",
});
// 204 up to 2.41, 201 from 2.42 on.
if (answer.status !== 201 && answer.status !== 204) {
  console.error(`${server} did not install the app: ${answer.status} ${await answer.text()}`);
  process.exit(1);
}

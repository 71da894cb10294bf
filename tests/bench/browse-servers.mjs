// What the browsing of a large plan needs at both sides: metadata, mapping and exchange in the
// sandbox, and a source that is the sandbox itself, except that it makes up its values as they are
// asked for, so that nobody has to store a million of them.

import { createServer, request as send } from "node:http";
import { gzipSync } from "node:zlib";

const basic = `Basic ${Buffer.from("admin:district").toString("base64")}`;
const noCombo = { combo: "bjDvmb4bfuf", option: "HllvX50cXC0" };
const elements = 21;
const options = 4;

/** A uid: `de` and 17 give `de000000017`. */
export const uid = (prefix, number) => prefix + String(number).padStart(11 - prefix.length, "0");

const list = (count, make) => Array.from({ length: count }, (_, number) => make(number));

/** Asks a DHIS2 as its administrator; JSON in, JSON out. */
async function ask(server, method, path, body) {
  const headers = { Authorization: basic, "Content-Type": "application/json", "X-Requested-With": "XMLHttpRequest" };
  const answer = await fetch(`${server}/api/${path}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 500)}`);
  return text ? JSON.parse(text) : undefined;
}

/** A country of facilities with one monthly data set of 21 elements by 4 ages. */
function metadata(facilities) {
  const named = (id, name) => ({ id, name, shortName: name.slice(0, 50), code: id.toUpperCase() });
  const units = [{ ...named("ouRoot00000", "Country"), openingDate: "2000-01-01" }];
  for (const number of list(Math.ceil(facilities / 100), (number) => number)) {
    units.push({
      ...named(uid("od", number), `District ${String(number).padStart(3, "0")}`),
      openingDate: "2000-01-01",
      parent: { id: "ouRoot00000" },
    });
  }
  for (const number of list(facilities, (number) => number)) {
    units.push({
      ...named(uid("ou", number), `Health facility ${String(number).padStart(6, "0")}`),
      openingDate: "2000-01-01",
      parent: { id: uid("od", Math.floor(number / 100)) },
    });
  }
  const categoryOptions = list(options, (number) => named(uid("co", number), `Age group ${number + 1}`));
  const ids = (objects) => objects.map(({ id }) => ({ id }));
  const dataElements = list(elements, (number) => ({
    ...named(uid("de", number), `Cases of disease ${String(number + 1).padStart(2, "0")}`),
    valueType: "INTEGER",
    domainType: "AGGREGATE",
    aggregationType: "SUM",
    categoryCombo: { id: "ccAges00000" },
  }));
  const category = { ...named("caAges00000", "Ages"), dataDimensionType: "DISAGGREGATION", categoryOptions: ids(categoryOptions) };
  return {
    organisationUnits: units,
    categoryOptions,
    categories: [category],
    categoryCombos: [{ ...named("ccAges00000", "By age"), dataDimensionType: "DISAGGREGATION", categories: [{ id: category.id }] }],
    categoryOptionCombos: categoryOptions.map((option, number) => ({
      id: uid("cc", number),
      name: option.name,
      categoryCombo: { id: "ccAges00000" },
      categoryOptions: [{ id: option.id }],
    })),
    dataElements,
    dataSets: [
      {
        ...named("dsMonthly00", "Monthly report"),
        periodType: "Monthly",
        categoryCombo: { id: noCombo.combo },
        dataSetElements: dataElements.map(({ id }) => ({ dataElement: { id }, dataSet: { id: "dsMonthly00" } })),
        organisationUnits: ids(units.slice(1)),
      },
    ],
  };
}

/** Puts metadata, a Route to `source`, a connection, its mapping and an exchange into a bare server. */
export async function setUp(server, source, facilities) {
  await ask(server, "POST", "metadata?importReportMode=ERRORS", metadata(facilities));
  const admin = await ask(server, "GET", "me?fields=id");
  for (const part of ["organisationUnits", "dataViewOrganisationUnits"]) {
    await ask(server, "POST", `users/${admin.id}/${part}`, { additions: [{ id: "ouRoot00000" }] });
  }
  await ask(server, "POST", "routes", {
    name: "Bench",
    code: "tributary-bench",
    url: `${source}/api/**`,
    disabled: false,
    auth: { type: "http-basic", username: "admin", password: "district" },
    headers: { "X-Requested-With": "XMLHttpRequest" },
  });
  const stored = { schema: 1, revision: 1 };
  const store = (key, value) => ask(server, "POST", `dataStore/tributary/${key}`, { ...stored, ...value });
  await store("connection-cnBench0000", { id: "cnBench0000", name: "Bench", kind: "dhis2", route: "tributary-bench", sourceName: "Programme" });
  const itself = (id) => [id, id];
  const items = list(elements * options, (number) =>
    itself(`${uid("de", Math.floor(number / options))}.${uid("cc", number % options)}`),
  );
  const parts = {
    dataSets: [itself("dsMonthly00")],
    items,
    attributeOptionCombos: [itself(noCombo.option)],
    orgUnits: list(facilities, (number) => itself(uid("ou", number))),
  };
  for (const [part, entries] of Object.entries(parts)) {
    const pages = Math.ceil(entries.length / 3000);
    for (let page = 0; page < pages; page += 1) {
      const key = `mapping-cnBench0000-${part}${page ? `-${page + 1}` : ""}`;
      await store(key, { connection: "cnBench0000", pages, entries: entries.slice(page * 3000, (page + 1) * 3000) });
    }
  }
  await store("exchange-exBench0000", {
    id: "exBench0000",
    name: "Million values",
    connection: "cnBench0000",
    dataSets: ["dsMonthly00"],
    periodRule: { kind: "last", count: 12 },
    orgUnits: [],
  });
}

const header =
  '"dataelement","period","orgunit","categoryoptioncombo","attributeoptioncombo","value","storedby","lastupdated","comment","followup","deleted"\n';

const sides = {
  /** A few are such as cannot be brought in. */
  source(number, cell) {
    return {
      element: number === 7 ? "deUnknown01" : uid("de", Math.floor(cell / options)),
      value: number === 11 ? "many" : String(number),
    };
  },
  /** Nearly all are there, some of them with another value. */
  destination: (number, cell) => ({
    element: uid("de", Math.floor(cell / options)),
    value: String(number % 20 === 13 ? number + 1 : number),
  }),
};

/** The values of one month and some org units: 84 each. */
function values(side, period, orgUnits) {
  const lines = [header];
  for (const unit of orgUnits) {
    const seed = Number(unit.slice(2)) + Number(period);
    for (let cell = 0; cell < elements * options; cell += 1) {
      const number = (seed * 31 + cell * 17) % 1000;
      const { element, value } = sides[side](number, cell);
      lines.push(
        `"${element}","${period}","${unit}","${uid("cc", cell % options)}","${noCombo.option}","${value}",` +
          '"amy","2026-11-01T08:00:00.000+0000","","false",""\n',
      );
    }
  }
  return lines.join("");
}

/** The gzipped answer to a request for values. */
function packed(side, searchParams) {
  const all = (name) => searchParams.getAll(name).flatMap((ids) => ids.split(","));
  const units = all("orgUnit");
  const parts = all("period").map((period) => values(side, period, units));
  return gzipSync(parts.map((part, index) => (index === 0 ? part : part.slice(header.length))).join(""));
}

/**
 * Stands before `server` and makes up the values that are there, too. Its pages are apart from all
 * others, so that the browser tells what they take. Gives back `{ address, close, read }`; the last
 * is how many values were read here.
 */
export async function madeUpDestination(server) {
  const told = { read: 0 };
  const apart = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
  const front = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://localhost");
    if (pathname === "/api/empty") {
      response.writeHead(200, { "content-type": "text/html", ...apart }).end("<!doctype html><title>Empty</title>");
    } else if (pathname === "/api/dataValueSets.csv") {
      const count = (name) => searchParams.getAll(name).flatMap((ids) => ids.split(",")).length;
      told.read += count("orgUnit") * count("period") * elements * options;
      response.writeHead(200, { "content-type": "application/csv" }).end(packed("destination", searchParams));
    } else {
      const { method, headers, url } = request;
      const asked = send(server + url, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode, { ...answer.headers, ...apart });
        answer.pipe(response);
      });
      asked.on("error", (error) => response.writeHead(502).end(String(error)));
      request.pipe(asked);
    }
  });
  await new Promise((resolve) => front.listen(0, "localhost", resolve));
  return Object.assign(told, {
    address: `http://localhost:${front.address().port}`,
    close: () => front.close(),
  });
}

/** A DHIS2 that answers as `server` does, and makes up its values. Gives back `{ address, close }`. */
export async function madeUpSource(server) {
  const source = createServer(async (request, response) => {
    try {
      const { pathname, search, searchParams } = new URL(request.url, "http://localhost");
      if (pathname.endsWith("/dataValueSets.csv")) {
        response.writeHead(200, { "content-type": "application/csv" }).end(packed("source", searchParams));
        return;
      }
      const answer = await fetch(server + pathname + search, { headers: { Authorization: basic } });
      const body = Buffer.from(await answer.arrayBuffer());
      response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "text/plain" }).end(body);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  await new Promise((resolve) => source.listen(0, "localhost", resolve));
  return { address: `http://localhost:${source.address().port}`, close: () => source.close() };
}

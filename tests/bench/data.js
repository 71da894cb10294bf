// The data of the bench: both sides of a run, as a DHIS2 2.42 sends them, and the setting they
// belong to. The same numbers give the same bytes every time.
//
// One data set, org units with 50 values each in every month: slices of 10 000 source values, as many
// as it takes. The destination has as many, part of them in data elements that the source does not know.

const orgUnitsPerSlice = 200;
const mostOrgUnits = 4000;
const elementCount = 10;
const comboCount = 5;
const valuesPerSlice = orgUnitsPerSlice * elementCount * comboCount;

/** What becomes of the source values of one slice, by kind; the rest is the same on both sides. */
const share = { new: 500, changed: 500, blocked: 10, unmapped: 20, excluded: 20 };

const header =
  "dataelement,period,orgunit,categoryoptioncombo,attributeoptioncombo,value,storedby,lastupdated,comment,followup,deleted\n";

/** Numbers from 0 up to but not including 1, the same in every run (mulberry32). */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

let random;
const below = (limit) => Math.floor(random() * limit);
const list = (length, make) => Array.from({ length }, (_, index) => make(index));

/** A uid as DHIS2 makes them: a letter, then ten letters or digits. */
function uid() {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const all = `${letters}0123456789`;
  return letters[below(letters.length)] + list(10, () => all[below(all.length)]).join("");
}

const uids = (count) => list(count, uid);
const byUid = (objects) => Object.fromEntries(objects.map((object) => [object.uid, object]));
const named = (id) => ({ uid: id, code: null, name: `Name of ${id}` });

/** The last months that are over, the earliest first. */
function months(count) {
  return list(count, (index) => {
    const month = new Date(Date.UTC(2026, 9 - (count - 1 - index), 1));
    return month.toISOString().slice(0, 7).replace("-", "");
  });
}

function makeIds(orgUnitCount) {
  return {
    dataSets: { source: uid(), destination: uid() },
    // By the destination's uid: the order in which slices are cut.
    orgUnits: uids(orgUnitCount)
      .sort()
      .map((destination) => ({ source: uid(), destination })),
    elements: list(elementCount, () => ({
      source: uid(),
      destination: uid(),
      // Known to one side only: never decided about, left out on purpose, entered here alone.
      unmapped: uid(),
      excluded: uid(),
      local: uid(),
    })),
    combos: list(comboCount, () => ({ source: uid(), destination: uid() })),
    elementCombo: uid(),
    attributeCombo: uid(),
    attribute: { source: uid(), destination: uid() },
    users: list(40, (index) => `officer${index}`),
  };
}

function makeMapping(ids) {
  const items = {};
  for (const element of ids.elements) {
    items[element.source] = {};
    items[element.excluded] = {};
    for (const combo of ids.combos) {
      const to = { dataElement: element.destination, categoryOptionCombo: combo.destination };
      items[element.source][combo.source] = { to };
      items[element.excluded][combo.source] = "excluded";
    }
  }
  return {
    dataSets: [ids.dataSets],
    items,
    attributeOptionCombos: { [ids.attribute.source]: { to: ids.attribute.destination } },
    orgUnits: Object.fromEntries(
      ids.orgUnits.map((unit) => [unit.source, { to: unit.destination }]),
    ),
  };
}

function makeCatalogue(ids) {
  const elements = ids.elements.flatMap((element) => [element.destination, element.local]);
  const categoryCombo = (id, optionCombos) => ({
    ...named(id),
    is_default: false,
    option_combos: byUid(optionCombos.map((option) => ({ ...named(option), options: [] }))),
  });
  return {
    data_sets: byUid([
      {
        ...named(ids.dataSets.destination),
        period_type: "Monthly",
        open_future_periods: 0,
        expiry_days: 0,
        category_combo: ids.attributeCombo,
        elements: Object.fromEntries(elements.map((id) => [id, { category_combo: null }])),
        org_units: ids.orgUnits.map((unit) => unit.destination),
        data_write: true,
        data_read: true,
        input_periods: [],
        workflow: null,
      },
    ]),
    data_elements: byUid(
      elements.map((id) => ({
        ...named(id),
        value_type: "INTEGER_ZERO_OR_POSITIVE",
        zero_is_significant: true,
        category_combo: ids.elementCombo,
        option_set: null,
      })),
    ),
    category_combos: byUid([
      categoryCombo(
        ids.elementCombo,
        ids.combos.map((combo) => combo.destination),
      ),
      categoryCombo(ids.attributeCombo, [ids.attribute.destination]),
    ]),
    org_units: byUid(
      ids.orgUnits.map(({ destination }) => ({
        ...named(destination),
        path: `/${destination}`,
        level: 1,
        parent: null,
      })),
    ),
    option_sets: {},
  };
}

/** The kind of each source value of a slice, in no order. */
function makeKinds(count) {
  const kinds = Object.entries(share).flatMap(([kind, times]) => Array(times).fill(kind));
  while (kinds.length < count) kinds.push("same");
  for (let last = kinds.length - 1; last > 0; last -= 1) {
    const other = below(last + 1);
    [kinds[last], kinds[other]] = [kinds[other], kinds[last]];
  }
  return kinds;
}

/** A row of each side for one source value. */
function makeRows(ids, period, unit, element, combo, kind) {
  const value = below(1000);
  const row = (side, dataElement, text) => ({
    dataElement,
    period,
    orgUnit: unit[side],
    categoryOptionCombo: combo[side],
    attributeOptionCombo: ids.attribute[side],
    value: text,
    storedBy: ids.users[below(ids.users.length)],
    lastUpdated: new Date(1790000000000 + below(4000000) * 1000)
      .toISOString()
      .replace("Z", "+0000"),
  });
  const sourceElement = element[kind] ?? element.source;
  const isHere = kind === "same" || kind === "changed" || kind === "blocked";
  return {
    source: row("source", sourceElement, kind === "blocked" ? "many" : `${value}`),
    present: row(
      "destination",
      isHere ? element.destination : element.local,
      `${kind === "same" ? value : value + 1}`,
    ),
  };
}

/** Each server gives the org units in the order of its own uids. */
function ordered(rows) {
  const order = (row) => row.orgUnit;
  return rows.sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0));
}

function csv(rows) {
  const lines = rows.map(
    (row) =>
      `${row.dataElement},${row.period},${row.orgUnit},${row.categoryOptionCombo},${row.attributeOptionCombo},${row.value},${row.storedBy},${row.lastUpdated},,false,null\n`,
  );
  return header + lines.join("");
}

function json(dataSet, rows) {
  const dataValues = rows.map(({ lastUpdated, ...row }) => ({
    ...row,
    created: lastUpdated,
    lastUpdated,
    comment: null,
    followup: false,
  }));
  return JSON.stringify({ dataSet, dataValues });
}

/** The bodies of a slice, both sides: `{ source, present }`, encoded in one of the formats. */
function makeSlice(ids, period, units) {
  const kinds = makeKinds(valuesPerSlice);
  const source = [];
  const present = [];
  for (const unit of units) {
    for (const element of ids.elements) {
      for (const combo of ids.combos) {
        const rows = makeRows(ids, period, unit, element, combo, kinds[source.length]);
        source.push(rows.source);
        present.push(rows.present);
      }
    }
  }
  ordered(source);
  ordered(present);
  const encoder = new TextEncoder();
  const { dataSets } = ids;
  return {
    csv: () => ({ source: encoder.encode(csv(source)), present: encoder.encode(csv(present)) }),
    json: () => ({
      source: encoder.encode(json(dataSets.source, source)),
      present: encoder.encode(json(dataSets.destination, present)),
    }),
  };
}

/**
 * Data of so many source values, a multiple of 10 000, beginning anew with the same numbers:
 * `setting`, and `slices()`, which makes one after the other, in the setting's order:
 * `{ csv(), json() }`, each giving the bodies of both sides, `{ source, present }`.
 */
export function makeData(values) {
  random = randomNumbers(20261122);
  const orgUnitCount = Math.min(mostOrgUnits, values / (elementCount * comboCount));
  const periods = months(values / (elementCount * comboCount) / orgUnitCount);
  const ids = makeIds(orgUnitCount);
  const setting = {
    mapping: makeMapping(ids),
    catalogue: makeCatalogue(ids),
    orgUnits: ids.orgUnits.map((unit) => unit.destination),
    periods,
    orgUnitsPerSlice,
    today: "2026-11-22",
  };
  function* slices() {
    for (const period of periods) {
      for (let first = 0; first < orgUnitCount; first += orgUnitsPerSlice) {
        yield makeSlice(ids, period, ids.orgUnits.slice(first, first + orgUnitsPerSlice));
      }
    }
  }
  return { setting, slices };
}

/** What every contender has to find in data of so many source values. */
export function expectedCounts(values) {
  const counts = { pulled: values, same: values };
  for (const [kind, times] of Object.entries(share)) {
    counts[kind] = times * (values / valuesPerSlice);
    counts.same -= counts[kind];
  }
  return counts;
}

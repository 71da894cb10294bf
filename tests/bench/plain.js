// The alternative that the bench measures the app against: the same work in plain JavaScript, as
// a developer who knows the trade would write it, and as tools around DHIS2 have it: `JSON.parse`,
// an object for each value, Maps and Sets of ids, and a Map whose keys are the ids joined together.
// Nothing is done twice, and nothing is done in a strange way for the sake of speed or memory.
//
// For every value it does what the app's engine does:
// - both bodies are read, each value with who stored it when; the latest stamp is kept;
// - the source's values are mapped: data element with category option combo, attribute option combo,
//   org unit; what is left out or not decided about is told apart;
// - several source values in one cell are blocked, and so is a value without a text;
// - what is the same is found; what differs is checked as data entry would (org unit, data element,
//   category and attribute option combo, value type) and is new, changed or blocked;
// - the rows are sorted by the ids of org unit, data element and option combos, and kept;
// - the rows of each slice are counted by what becomes of them, and have to add up.

const key = (row) =>
  `${row.dataElement}-${row.categoryOptionCombo}-${row.attributeOptionCombo}-${row.orgUnit}-${row.period}`;

const isCount = /^(0|[1-9]\d*)$/;

/** The values of a JSON body, as `response.json()` would give them. */
export function fromJson(bytes) {
  return JSON.parse(new TextDecoder().decode(bytes)).dataValues;
}

/** The values of a CSV body. Commas within quotes, which DHIS2 may send, are not understood. */
export function fromCsv(bytes) {
  const [header, ...lines] = new TextDecoder().decode(bytes).trimEnd().split("\n");
  const place = Object.fromEntries(header.split(",").map((name, index) => [name, index]));
  return lines.map((line) => {
    const fields = line.split(",");
    return {
      dataElement: fields[place.dataelement],
      period: fields[place.period],
      orgUnit: fields[place.orgunit],
      categoryOptionCombo: fields[place.categoryoptioncombo],
      attributeOptionCombo: fields[place.attributeoptioncombo],
      value: fields[place.value],
      comment: fields[place.comment],
      storedBy: fields[place.storedby],
      lastUpdated: fields[place.lastupdated],
    };
  });
}

function byText(one, other) {
  if (one < other) return -1;
  return one > other ? 1 : 0;
}

function inOrder(one, other) {
  return (
    byText(one.orgUnit, other.orgUnit) ||
    byText(one.dataElement, other.dataElement) ||
    byText(one.categoryOptionCombo, other.categoryOptionCombo) ||
    byText(one.attributeOptionCombo, other.attributeOptionCombo) ||
    byText(one.value, other.value)
  );
}

export class PlainComparison {
  constructor({ mapping, catalogue }, read) {
    this.read = read;
    this.items = new Map();
    for (const [dataElement, combos] of Object.entries(mapping.items)) {
      for (const [combo, choice] of Object.entries(combos)) {
        this.items.set(`${dataElement}-${combo}`, choice);
      }
    }
    this.attributes = new Map(Object.entries(mapping.attributeOptionCombos));
    this.orgUnits = new Map(Object.entries(mapping.orgUnits));
    // What data entry takes.
    const [dataSet] = Object.values(catalogue.data_sets);
    const combosOf = (id) => new Set(Object.keys(catalogue.category_combos[id].option_combos));
    this.allowedOrgUnits = new Set(dataSet.org_units);
    this.allowedAttributes = combosOf(dataSet.category_combo);
    this.elements = new Map(
      Object.keys(dataSet.elements).map((id) => {
        const { value_type, category_combo } = catalogue.data_elements[id];
        return [id, { valueType: value_type, combos: combosOf(category_combo) }];
      }),
    );
    // What a table on the screen would show.
    this.rows = [];
    this.pulled = 0;
    this.latest = "";
  }

  /** Reads the bodies of both sides, compares them and keeps a row for each source value. */
  readSlice(sourceBody, presentBody) {
    const here = new Map();
    for (const value of this.read(presentBody)) {
      if (value.lastUpdated > this.latest) this.latest = value.lastUpdated;
      if (value.value !== "") here.set(key(value), value);
    }
    const taken = new Map();
    const rows = this.read(sourceBody).map((value) => this.compare(value, here, taken));
    rows.sort(inOrder);
    for (const row of rows) this.rows.push(row);
    this.pulled += rows.length;
  }

  compare(value, here, taken) {
    const item = this.items.get(`${value.dataElement}-${value.categoryOptionCombo}`);
    const attribute = this.attributes.get(value.attributeOptionCombo);
    const orgUnit = this.orgUnits.get(value.orgUnit);
    if (item === "excluded" || attribute === "excluded" || orgUnit === "excluded") {
      return { kind: "excluded", ...value };
    }
    if (!item || !attribute || !orgUnit) return { kind: "unmapped", ...value };
    const row = {
      kind: "new",
      dataElement: item.to.dataElement,
      categoryOptionCombo: item.to.categoryOptionCombo,
      attributeOptionCombo: attribute.to,
      orgUnit: orgUnit.to,
      period: value.period,
      value: value.value,
      present: undefined,
      storedBy: undefined,
      lastUpdated: undefined,
    };
    const cell = key(row);
    const there = here.get(cell);
    if (there) {
      row.present = there.value;
      row.storedBy = there.storedBy;
      row.lastUpdated = there.lastUpdated;
      row.kind = there.value === value.value ? "same" : "changed";
    }
    if (row.kind !== "same" && !this.isAllowed(row)) row.kind = "blocked";
    if (value.value === "") return row;
    const other = taken.get(cell);
    if (other) other.kind = row.kind = "blocked";
    else taken.set(cell, row);
    return row;
  }

  isAllowed(row) {
    const element = this.elements.get(row.dataElement);
    return (
      row.value !== "" &&
      element !== undefined &&
      this.allowedOrgUnits.has(row.orgUnit) &&
      element.combos.has(row.categoryOptionCombo) &&
      this.allowedAttributes.has(row.attributeOptionCombo) &&
      (element.valueType !== "INTEGER_ZERO_OR_POSITIVE" || isCount.test(row.value))
    );
  }

  counts() {
    const counts = {};
    for (const { kind } of this.rows) counts[kind] = (counts[kind] ?? 0) + 1;
    const planned = Object.values(counts).reduce((sum, count) => sum + count, 0);
    if (planned !== this.pulled) throw new Error(`${this.pulled} values, but ${planned} rows`);
    return { pulled: this.pulled, ...counts };
  }
}

// The alternative that the bench measures the app against: the same work in plain JavaScript, as
// one would write it without thinking of speed or memory, and as tools around DHIS2 have it: an
// object for each value, and a Map whose keys are the ids joined together.
//
// It does less than the app: of what data entry would refuse it knows only the value type, it does
// not see source values that meet in one cell, and it leaves the rows in the order in which they came.

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
    this.valueTypes = new Map(
      Object.values(catalogue.data_elements).map((element) => [element.uid, element.value_type]),
    );
    // What a table on the screen would show.
    this.rows = [];
  }

  /** Reads the bodies of both sides of a slice, compares them and keeps a row for each source value. */
  readSlice(source, present) {
    const here = new Map();
    for (const value of this.read(present)) here.set(key(value), value);
    for (const value of this.read(source)) this.rows.push(this.compare(value, here));
  }

  compare(value, here) {
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
    const there = here.get(key(row));
    if (there) {
      row.present = there.value;
      row.storedBy = there.storedBy;
      row.lastUpdated = there.lastUpdated;
      row.kind = there.value === value.value ? "same" : "changed";
    }
    if (row.kind !== "same" && !this.isAllowed(row)) row.kind = "blocked";
    return row;
  }

  isAllowed(row) {
    const type = this.valueTypes.get(row.dataElement);
    return type !== "INTEGER_ZERO_OR_POSITIVE" || isCount.test(row.value);
  }

  counts() {
    const counts = { pulled: this.rows.length };
    for (const { kind } of this.rows) counts[kind] = (counts[kind] ?? 0) + 1;
    return counts;
  }
}

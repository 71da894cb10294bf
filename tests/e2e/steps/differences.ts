// What differs between the two servers while a story of the first path runs: a few values of the
// last completed months, so that it means the same on any day. Everything else is left as it is,
// and when the stories are over these values are as they were.

import { Api, expect, type World } from "../fixtures";
import { completedMonths } from "../fixtures/periods";
import { cell, makeValues, readValues, type Part } from "../fixtures/values";
import type { Kinds } from "./import";
import { forgetRuns } from "./set-up";

/** Of the recordings' set-up: the data set that is open for two months to come and never closes. */
export const DATA_SET = { id: "dsMonthly01", name: "HMIS monthly" };
/** Of the same set-up, with values by partner: what goes there is a read and a write of its own. */
export const PARTNER_SET = { id: "dsPartner01", name: "Nets by partner" };
const PARTNER_ELEMENT = "dePartner01";
const PARTNER = "cocPartner1";
/** Is left out of the mapping. */
export const LEFT_OUT = { id: "deNumber001", name: "Stock on hand kg" };
const BROUGHT = "deIntZeroP1";
const DEFAULT = "HllvX50cXC0";
export const REGION = { id: "ouRegionA01", name: "Northern Region" };
export const OTHER_REGION = { id: "ouRegionB01", name: "Eastern Region" };

type Values = Map<string, string>;

/** What is at a server, of all data sets; no data element is in two of them. */
async function readAll(api: Api, parts: Part[]): Promise<Values> {
  const all: Values = new Map();
  for (const part of parts) for (const [key, value] of await readValues(api, part)) all.set(key, value);
  return all;
}

/** Makes all data sets at a server what is given. */
async function makeAll(api: Api, parts: Part[], wanted: Values): Promise<void> {
  for (const part of parts) {
    const isPartners = part.dataSet === PARTNER_SET.id;
    const own = [...wanted].filter(([key]) => key.startsWith(`${PARTNER_ELEMENT}-`) === isPartners);
    await makeValues(api, part, new Map(own));
  }
}

export class Differences {
  /** The months that it is about, newest first. */
  readonly months: string[];

  private constructor(
    private readonly destination: Api,
    private readonly source: Api,
    /** The data sets that it is about, the first and perhaps the partners'. */
    private readonly parts: Part[],
    private readonly before: { destination: Values; source: Values },
    private readonly region: Set<string>,
  ) {
    this.months = parts[0].periods;
  }

  /** Remembers what is there before anything is changed. */
  static async begin(world: World, dataSets = [DATA_SET]): Promise<Differences> {
    const destination = new Api(world.destination, world.admin);
    const source = new Api(world.source, world.admin);
    const months = completedMonths(await destination.today(), 2);
    const parts = dataSets.map(({ id }) => ({ dataSet: id, periods: months, orgUnits: ["ouCountry01"] }));
    const before = { destination: await readAll(destination, parts), source: await readAll(source, parts) };
    const { organisationUnits } = await destination.get(
      `organisationUnits?filter=path:like:${REGION.id}&fields=id&paging=false`,
    );
    const region = new Set<string>(organisationUnits.map((unit: { id: string }) => unit.id));
    expect(region.size, "org units of the region").toBeGreaterThan(1);
    return new Differences(destination, source, parts, before, region);
  }

  /** Brings the differences about: values that are new, changed and the same, in two regions. */
  async make(): Promise<void> {
    const [last, earlier] = this.months;
    const source = new Map(this.before.source);
    const destination = new Map(this.before.destination);
    const place = (
      orgUnit: string,
      period: string,
      there: string,
      here: string | null,
      dataElement = BROUGHT,
      attributeOptionCombo = DEFAULT,
    ) => {
      const key = cell({
        dataElement,
        period,
        orgUnit,
        categoryOptionCombo: DEFAULT,
        attributeOptionCombo,
        value: "",
      });
      source.set(key, there);
      if (here === null) destination.delete(key);
      else destination.set(key, here);
    };
    place("ouFacA10001", last, "311", null);
    place("ouFacA10001", earlier, "309", null);
    place("ouFacA10002", last, "127", "172");
    place("ouFacA10002", earlier, "131", "131");
    place("ouFacA20001", last, "88", null);
    place("ouFacA20001", earlier, "90", "90");
    place("ouFacA30001", last, "45", null, LEFT_OUT.id);
    place("ouFacB10001", last, "201", null);
    place("ouFacB10002", last, "64", "46");
    if (this.parts.length > 1) {
      place("ouFacA10001", last, "17", null, PARTNER_ELEMENT, PARTNER);
      place("ouFacA10002", last, "23", "32", PARTNER_ELEMENT, PARTNER);
    }
    await makeAll(this.source, this.parts, source);
    await makeAll(this.destination, this.parts, destination);
    // Else all that is brought about here would have been edited since the last story's import.
    await forgetRuns(this.destination);
  }

  /** Somebody types a value into a facility of the region here; the source has another one. */
  async editHere(orgUnit: string, value: string): Promise<void> {
    const { destination } = await this.present();
    const key = [BROUGHT, this.months[0], orgUnit, DEFAULT, DEFAULT].join("-");
    destination.set(key, value);
    await makeAll(this.destination, this.parts, destination);
  }

  /** Somebody at the source takes back what a facility reported for the last month. */
  async deleteAtSource(orgUnit: string): Promise<void> {
    const { source } = await this.present();
    source.delete([BROUGHT, this.months[0], orgUnit, DEFAULT, DEFAULT].join("-"));
    await makeAll(this.source, this.parts, source);
  }

  /** Puts both servers back to what they were. */
  async end(): Promise<void> {
    await makeAll(this.source, this.parts, this.before.source);
    await makeAll(this.destination, this.parts, this.before.destination);
  }

  /** The values at both servers now. */
  async present(): Promise<{ destination: Values; source: Values }> {
    return {
      destination: await readAll(this.destination, this.parts),
      source: await readAll(this.source, this.parts),
    };
  }

  private isInRegion(cell: string): boolean {
    return this.region.has(cell.split("-")[2]);
  }

  private isBrought(cell: string, onlyRegion: boolean): boolean {
    return !cell.startsWith(`${LEFT_OUT.id}-`) && (!onlyRegion || this.isInRegion(cell));
  }

  /** What a plan has to say, worked out from what both servers hold. */
  async expected(onlyRegion: boolean): Promise<Kinds> {
    const { destination, source } = await this.present();
    const kinds: Kinds = { new: 0, changed: 0, editedHere: 0, same: 0, blocked: 0, unmapped: 0, excluded: 0 };
    for (const [key, value] of source) {
      if (onlyRegion && !this.isInRegion(key)) continue;
      if (!this.isBrought(key, onlyRegion)) kinds.excluded += 1;
      else if (!destination.has(key)) kinds.new += 1;
      else if (destination.get(key) === value) kinds.same += 1;
      else kinds.changed += 1;
    }
    return kinds;
  }

  /** What the destination has to hold after an import, worked out beforehand. */
  async destinationAfterwards(onlyRegion: boolean): Promise<Record<string, string>> {
    const { destination, source } = await this.present();
    for (const [key, value] of source) {
      if (this.isBrought(key, onlyRegion)) destination.set(key, value);
    }
    return Object.fromEntries([...destination].sort());
  }

  /** What the destination holds now, in the same form. */
  async destinationNow(): Promise<Record<string, string>> {
    return Object.fromEntries([...(await this.present()).destination].sort());
  }
}

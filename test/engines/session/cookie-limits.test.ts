import { beforeEach, describe, expect, it, vi } from "vitest";
import { SessionError } from "../../../src/errors.ts";
import type { SessionRecord } from "../../../src/engines/session/store.ts";
import { cookieBench } from "./cookie-bench.ts";
import { allOf, newRecord } from "../../support/session-store.ts";

describe("the limits of the cookie engine", () => {
  let { key, clock, store, make, save, open, touch, sealed, head } = cookieBench();

  beforeEach(() => {
    ({ key, clock, store, make, save, open, touch, sealed, head } = cookieBench());
  });

  it("SEC-301 ends a session idle too long, whatever the browser kept", () => {
    const cookie = save();
    clock.advance(3600);
    const seen = touch(open(cookie)!);
    clock.advance(3600);
    expect(open(cookie)).toBeUndefined();
    expect(open(cookie, seen)).toBeDefined();
    clock.time += 1;
    expect(open(cookie, seen)).toBeUndefined();
  });

  it("SEC-301 takes the later of sealing and last use, and no last use from before the sealing", () => {
    const record = open(save())!;
    const seen = touch(record);
    clock.advance(100);
    const cookie = store.save(record, allOf(record)) as string;
    expect(open(cookie, seen)!.lastSeen).toBe(clock.time);
    expect(open(cookie, seen)!.createdAt).toBe(record.createdAt);
  });

  it("SEC-302 ends a session at its absolute limit however often it is sealed anew", () => {
    let record = open(save())!;
    let cookie = "";
    for (let half = 0; half < 48; half += 1) {
      clock.advance(1800);
      cookie = store.save(record, allOf(record)) as string;
      record = open(cookie)!;
    }
    clock.time += 1;
    expect(open(cookie, touch(record))).toBeUndefined();
    expect(open(store.save(record, allOf(record)) as string)).toBeUndefined();
  });

  it("SEC-305 counts values from more than a minute ahead as empty", () => {
    const now = clock.time;
    const skew = 60_000;
    expect(open(sealed([head(now, now + skew), "{}"]))).toBeDefined();
    expect(open(sealed([head(now, now + skew + 1), "{}"]))).toBeUndefined();
    expect(open(sealed([head(now + skew, now), "{}"]))).toBeDefined();
    expect(open(sealed([head(now + skew + 1, now), "{}"]))).toBeUndefined();
    expect(open(sealed([head(2 ** 48 - 1, 2 ** 48 - 1), "{}"]))).toBeUndefined();
  });

  it("SEC-305 takes no last use from ahead of the clock, so that it prolongs nothing", () => {
    const cookie = save();
    const record = open(cookie)!;
    clock.advance(7000);
    const seen = touch(record);
    clock.advance(-3500);
    expect(open(cookie, seen)!.lastSeen).toBe(record.lastSeen);
    clock.advance(101);
    expect(open(cookie, seen)).toBeUndefined();
  });

  it("SEC-307 applies a shorter limit to cookies that are out already", () => {
    const cookie = save();
    clock.advance(1801);
    expect(open(cookie)).toBeDefined();
    const strict = make(key, { limits: { idle: 1800, absolute: 86_400 } });
    expect(open(cookie, undefined, strict)).toBeUndefined();
  });

  it("SEC-205 takes 4096 bytes of name and value and refuses one more, at the write and at the save", () => {
    for (const cookieName of ["quickstep.session", "quickstep.session1", "quickstep.session12"]) {
      const sized = make(key, { cookieName });
      let length = 0;
      const record = (): SessionRecord => newRecord(clock, { text: "x".repeat(length), n: "é" });
      for (length = 2800; ; length += 1) {
        try {
          sized.check?.(record());
        } catch (error) {
          expect(error).toBeInstanceOf(SessionError);
          expect(error).toHaveProperty("code", "session-too-large");
          break;
        }
        expect(cookieName.length + save(record().data, sized).length).toBeLessThanOrEqual(4096);
      }
      expect(() => save(record().data, sized)).toThrow(SessionError);
      length -= 1;
      expect(cookieName.length + save(record().data, sized).length).toBeGreaterThan(4092);
      expect(open(save(record().data, sized), undefined, sized)!.data).toEqual(record().data);
    }
  });

  it("SEC-205 names the biggest keys with their sizes and never their values", () => {
    const record = newRecord(clock, {
      small: 1,
      cart: "secret".repeat(600),
      notes: ["private", "é".repeat(100)],
      flags: [1, 2],
    });
    expect(() => store.check?.(record)).toThrow(
      /would be \d{4} bytes.*4096 \("cart" has 3602, "notes" has 214, "flags" has 5\).*session: simple/,
    );
    expect(() => store.check?.(record)).not.toThrow(/secret|private/);
  });

  it("SEC-205 warns once from 80 % on", () => {
    const warn = vi.fn();
    const wary = make(key, { warn });
    wary.check?.(newRecord(clock, { a: "x".repeat(2300) }));
    expect(warn).not.toHaveBeenCalled();
    for (const size of [2450, 2500, 2600]) wary.check?.(newRecord(clock, { a: "x".repeat(size) }));
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]![0]).toMatch(/of the 4096 bytes.*"a" has 2452/);
  });
});

/** What every session engine has to do, one that keeps sessions in the cookie itself included. */
import assert from "node:assert/strict";
import { EXPIRES } from "../engines/session/store.ts";
import { createSessionId } from "../session/session-id.ts";
import {
  allOf,
  mustBeGone,
  mustOpen,
  trialLimits,
  write,
  type SessionCases,
} from "./session-trial.ts";

const { idle, absolute } = trialLimits;

/** Cases for every engine. */
export const everywhere: SessionCases = {
  "gives back the record that was saved": async (trial, store) => {
    const data = { user: "åsa", cart: { items: [{ qty: 2 }, null, true] }, empty: {}, list: [] };
    const record = trial.newRecord(data);
    const opened = await mustOpen(store, await store.save(record, allOf(record)));
    const { id, createdAt, lastSeen, version } = opened;
    const { time } = trial;
    assert.deepEqual([id, createdAt, lastSeen], [record.id, time, time]);
    assert.ok(version > 0, "a record that was saved has a version above 0");
    assert.deepEqual({ ...opened.data }, data);
  },

  "gives back text, numbers and keys of every kind": async (trial, store) => {
    const texts = [
      "",
      " a ",
      "\0",
      "\ud800",
      "yes",
      "1e3",
      "~",
      "a\r\n\u0085\u2028b",
      "💃",
      "'\"\\",
    ];
    const numbers = [0, -1, 0.1, 1e21, Number.MAX_SAFE_INTEGER, Number.MIN_VALUE, Number.MAX_VALUE];
    const keys = { "": 1, constructor: { x: 1 }, "a.b": 2, "\0": 3, length: 4, "a:b": 5, åß: 6 };
    const data = { texts, numbers, keys, ...keys };
    assert.deepEqual({ ...(await trial.saved(store, data)).record.data }, data);
  },

  "answers cookie values of letters, digits and -_.~ only": async (trial, store) => {
    assert.match((await trial.saved(store, { a: "ÿ>?" })).cookie, /^[A-Za-z0-9_.~-]+$/);
  },

  "SEC-402 opens nothing for unknown, malformed and forged cookies": async (trial, store) => {
    const { cookie } = await trial.saved(store, { a: 1 });
    const last = cookie.endsWith("A") ? "B" : "A";
    const junk = ["", " ", "../x", "x".repeat(10_000), "\0", "%00", "__proto__", createSessionId()];
    const forged = [`${cookie}\n`, `${cookie}A`, cookie.slice(1), cookie.slice(0, -1) + last];
    for (const value of [...junk, ...forged]) {
      await mustBeGone(store, value, `for ${JSON.stringify(value.slice(0, 80))}`);
    }
  },

  "ignores a last-use cookie that is junk": async (trial, store) => {
    const { cookie, record } = await trial.saved(store, { a: 1 });
    for (const seen of ["", "junk", cookie, "x".repeat(10_000)]) {
      assert.deepEqual(await store.open(cookie, seen), record);
    }
  },

  "SEC-301 ends a session that was idle too long, to the millisecond": async (trial, store) => {
    const { cookie } = await trial.saved(store, { a: 1 });
    trial.advance(idle);
    await mustOpen(store, cookie);
    trial.time += 1;
    await mustBeGone(store, cookie, "after its idle time");
  },

  "SEC-302 ends a session at its absolute limit however busy it is": async (trial, store) => {
    let { cookie, record } = await trial.saved(store, { visits: 0 });
    const end = trial.time + absolute * 1000;
    for (let visits = 1; trial.time < end; visits += 1) {
      trial.advance(1800);
      record = await mustOpen(store, cookie, (await store.touch(record)) ?? undefined);
      cookie = await write(store, record, { visits });
    }
    await mustOpen(store, cookie);
    trial.time += 1;
    await mustBeGone(
      store,
      cookie,
      "past its absolute limit",
      (await store.touch(record)) ?? undefined,
    );
  },

  "SEC-305 takes a session from ahead of the clock for gone": async (trial, store) => {
    const { cookie } = await trial.saved(store, { a: 1 });
    trial.advance(-60);
    await mustOpen(store, cookie);
    trial.advance(-1);
    await mustBeGone(store, cookie, "more than a minute before it began");
  },

  "SEC-308 keeps to the idle time that a session has of its own": async (trial, store) => {
    const long = await trial.saved(store, { [EXPIRES]: 2 * idle });
    const short = await trial.saved(store, { [EXPIRES]: 60 });
    trial.advance(60.001);
    await mustBeGone(store, short.cookie, "after its own, shorter idle time");
    trial.advance(2 * idle - 60.001);
    await mustOpen(store, long.cookie);
    trial.time += 1;
    await mustBeGone(store, long.cookie, "after its own, longer idle time");
  },

  "prolongs a touched session without changing its data or its beginning": async (trial, store) => {
    const { cookie, record } = await trial.saved(store, { a: 1 });
    trial.advance(idle - 1);
    const seen = (await store.touch(record)) ?? undefined;
    const touchedAt = trial.time;
    trial.advance(idle - 1);
    const { createdAt, lastSeen, data } = await mustOpen(store, cookie, seen);
    assert.deepEqual([createdAt, lastSeen, { ...data }], [record.createdAt, touchedAt, { a: 1 }]);
  },

  "SEC-603 never revives an expired session by touching it": async (trial, store) => {
    const { cookie, record } = await trial.saved(store, { a: 1 });
    trial.advance(absolute + 1);
    const seen = (await store.touch(record)) ?? undefined;
    await mustBeGone(store, cookie, "that was touched when it had expired", seen);
  },

  "takes no harm from destroying an unknown id": async (trial, store) => {
    const { cookie } = await trial.saved(store, { a: 1 });
    await store.destroy(createSessionId());
    await mustOpen(store, cookie);
  },
};

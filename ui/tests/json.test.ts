import { describe, expect, it } from "vitest";
import { at, leaves, lines, parseJson, plain, visible, type Json } from "../src/components/json";

const parse = (text: string): Json => {
  const json = parseJson(text);
  if (!json) throw new Error(`not JSON: ${text}`);
  return json;
};
const drawn = (text: string, width?: number) =>
  lines(parse(text), width)
    .map(({ depth, parts }) => "  ".repeat(depth) + parts.map((part) => part.text).join(""))
    .join("\n");

describe("JSON", () => {
  it("keeps every digit of a number", () => {
    const text = '{"id":12345678901234567890,"big":1e400,"small":1.50}';
    expect(plain(at(parse(text), "/id"))).toBe("12345678901234567890");
    expect(plain(at(parse(text), "/big"))).toBe("1e400");
    expect(plain(at(parse(text), "/small"))).toBe("1.50");
  });

  it.each(["", "<html>", "{", "[1,]", "{'a':1}", "01", "nul", '"a', '{"a":1}x', "\u00a0{}"])(
    "is not found in %j",
    (text) => expect(parseJson(text)).toBeNull(),
  );

  it("nested without end is text, not a crash", () => {
    expect(parseJson("[".repeat(100_000))).toBeNull();
  });

  it("is set out in lines, short parts on one", () => {
    expect(drawn('{"result":"success","ids":[1,2],"none":{}}')).toBe(
      '{\n  "result": "success",\n  "ids": [1, 2],\n  "none": {}\n}',
    );
    expect(drawn('{"ids":["aaaaaaaaaa","bbbbbbbbbb"]}', 20)).toBe(
      '{\n  "ids": [\n    "aaaaaaaaaa",\n    "bbbbbbbbbb"\n  ]\n}',
    );
  });

  it("shows a member that appears twice, twice", () => {
    expect(drawn('{"a":1,"a":2}')).toBe('{\n  "a": 1,\n  "a": 2\n}');
  });

  it("makes control and bidi characters visible", () => {
    expect(visible("a\u202Eb\u0007c\u200Bd")).toBe("a\\u202eb\\u0007c\\u200bd");
    expect(drawn('"\u202Eevil"')).toBe('"\\u202eevil"');
  });
});

describe("a pointer", () => {
  const json = parse('{"a/b":{"m~n":[10,{"x":true}]}}');
  it("follows escapes and positions", () => {
    expect(plain(at(json, "/a~1b/m~0n/1/x"))).toBe("true");
    expect(at(json, "/a~1b/nothing/0")).toBeUndefined();
    expect(at(json, "")).toBe(json);
  });

  it("names every leaf so that each is found again", () => {
    for (const [pointer, value] of leaves(json)) expect(at(json, pointer)).toBe(value);
    expect(leaves(json).map(([pointer]) => pointer)).toEqual(["/a~1b/m~0n/0", "/a~1b/m~0n/1/x"]);
  });
});

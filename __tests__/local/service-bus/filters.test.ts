import { message } from "rhea";
import { Content } from "../../../local/service-bus/entities/content";
import { SqlError } from "../../../topology/sql/lexer";
import { sqlAction, sqlFilter } from "../../../local/service-bus/filters/sql";

const content = Content.of(
  message.encode({
    message_id: "m-1",
    subject: "order",
    application_properties: { colour: "red", size: 3, ready: true, "odd name": "x", percent: "50%" },
    body: "hello",
  }),
);

test.each([
  ["colour = 'red'", true],
  ["colour <> 'red'", false],
  ["COLOUR = 'red'", true],
  ["user.colour = 'red' AND sys.Label = 'order'", true],
  ["sys.MessageId LIKE 'm-%'", true],
  ["size > 2 AND size < 4", true],
  ["size * 2 + 1 = 7", true],
  ["(size + 1) * 2 = 8", true],
  ["-size < 0", true],
  ["size IN (1, 2, 3)", true],
  ["size NOT IN (1, 2)", true],
  ["NOT (size = 3)", false],
  ["missing = 1", false],
  ["NOT missing = 1", false],
  ["missing IS NULL", true],
  ["EXISTS(colour) AND NOT EXISTS(missing)", true],
  ["missing = 1 OR ready", true],
  ["ready = TRUE", true],
  ["[odd name] = 'x'", true],
  ["\"odd name\" = 'x'", true],
  ["property('odd name') = 'x'", true],
  ["percent LIKE '50!%' ESCAPE '!'", true],
  ["colour LIKE '_ed'", true],
  ["colour LIKE 'r'", false],
  ["colour = 'it''s'", false],
  ["1 = 1", true],
  ["size = 'three'", false],
])("%s is %s", (sql, expected) => {
  expect(sqlFilter(sql)(content)).toBe(expected);
});

test.each([
  ["colour =", "a value or a property expected and the end found at character 9"],
  ["colour = 'red", "a text without its closing quote at character 10"],
  ["colour == 'red'", "a value or a property expected and = found at character 9"],
  ["colour # 1", "cannot be read at character 8"],
  ["(size = 1", ") expected"],
  ["size LIKE", "a value or a property expected"],
  ["size = 1 size", "the end expected"],
  ["sys.Nothing = 1", "sys.Nothing is no system property"],
  ["sys.constructor = 'x'", "sys.constructor is no system property"],
  ["sys.__proto__ = 'x'", "sys.__proto__ is no system property"],
  ["size NOT 3", "LIKE or IN expected"],
])("%s is refused: %s", (sql, reason) => {
  expect(() => sqlFilter(sql)).toThrow(SqlError);
  expect(() => sqlFilter(sql)).toThrow(reason);
});

test("an action sets and removes, and leaves the rest as it was", () => {
  const changed = sqlAction("SET size = size + 0.5; SET sys.To = 'there'; SET new = 'n' REMOVE colour;")(content);
  expect(changed.applicationProperty("size")).toBe(3.5);
  expect(changed.property("to")).toBe("there");
  expect(changed.applicationProperty("new")).toBe("n");
  expect(changed.applicationProperty("colour")).toBeUndefined();
  expect(changed.applicationProperty("ready")).toBe(true);
  expect(content.applicationProperty("size")).toBe(3);
});

test.each([
  ["colour = 'red'", "SET or REMOVE expected"],
  ["REMOVE sys.Label", "sys.Label cannot be removed"],
  ["SET sys.SequenceNumber = 1", "sys.SequenceNumber is no system property"],
])("the action %s is refused: %s", (sql, reason) => {
  expect(() => sqlAction(sql)).toThrow(reason);
});

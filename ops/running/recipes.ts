import { join } from "node:path";
import { ROOT } from "../../packaging/bundle";

/** The languages for which there is a client of the user's own in ops/clients. */
export const LANGUAGES = ["node", "python", "go", "java"] as const;
export type Language = (typeof LANGUAGES)[number];

const FOLDER = join(ROOT, "ops", "clients");

/** How to run a client that peeks, in a shell with the variables that are printed before. @returns one command a line */
export function recipe(language: Language): readonly string[] {
  const folder = join(FOLDER, language);
  switch (language) {
    case "node":
      return [`node '${join(folder, "peek.cjs")}'`];
    case "python":
      return [
        "python3 -m venv client",
        `client/bin/pip install --quiet --requirement '${join(folder, "requirements.txt")}'`,
        `client/bin/python '${join(folder, "peek.py")}'`,
      ];
    case "go":
      return [`go run -C '${folder}' .`];
    case "java":
      return [
        "rm -f trust.p12",
        'keytool -importcert -noprompt -file "$CA_FILE" -keystore trust.p12 -storetype PKCS12 -storepass changeit',
        `mvn --quiet --file '${join(folder, "pom.xml")}' compile dependency:build-classpath -Dmdep.outputFile="$PWD/classpath"`,
        `java -Djavax.net.ssl.trustStore=trust.p12 -Djavax.net.ssl.trustStorePassword=changeit -cp "${join(folder, "target", "classes")}:$(cat classpath)" Peek`,
      ];
  }
}

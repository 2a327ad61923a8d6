// Peeks at the messages of an entity: the variables are the ones that `npm start -- --keep` prints.
const { ServiceBusClient } = require("@azure/service-bus");
const { ManagedIdentityCredential } = require("@azure/identity");

const { SERVICE_BUS_HOST, SERVICE_BUS_ADDRESS, SERVICE_BUS_ENTITY, AZURE_CLIENT_ID } = process.env;

async function main() {
  const client = new ServiceBusClient(SERVICE_BUS_HOST, new ManagedIdentityCredential({ clientId: AZURE_CLIENT_ID }), {
    customEndpointAddress: SERVICE_BUS_ADDRESS,
  });
  const messages = await client.createReceiver(...SERVICE_BUS_ENTITY.split("/")).peekMessages(10);
  for (const { sequenceNumber, messageId } of messages) console.log(String(sequenceNumber), messageId);
  console.log(`${messages.length} messages`);
  await client.close();
}

main();

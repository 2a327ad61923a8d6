"""Peeks at the messages of an entity: the variables are the ones that `npm start -- --keep --client python` prints."""

import os

from azure.identity import ManagedIdentityCredential
from azure.servicebus import ServiceBusClient, TransportType

with ServiceBusClient(
    os.environ["SERVICE_BUS_HOST"],
    ManagedIdentityCredential(client_id=os.environ["AZURE_CLIENT_ID"]),
    custom_endpoint_address=os.environ["SERVICE_BUS_ADDRESS"],
    # With an address of its own the library would use WebSocket.
    transport_type=TransportType.Amqp,
    connection_verify=os.environ["CA_FILE"],
) as client:
    entity, _, subscription = os.environ["SERVICE_BUS_ENTITY"].partition("/")
    receiver = (
        client.get_subscription_receiver(entity, subscription) if subscription else client.get_queue_receiver(entity)
    )
    with receiver:
        messages = receiver.peek_messages(10)
        for message in messages:
            print(message.sequence_number, message.message_id)
        print(f"{len(messages)} messages")

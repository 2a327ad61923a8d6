"""Does what CAPABILITIES names, by azure-servicebus, and prints one line of JSON for each: {"id", "error"?}."""

import datetime
import json
import os
import time
import traceback
from urllib.parse import urlparse

from azure.core.pipeline.transport import RequestsTransport
from azure.identity import ManagedIdentityCredential
from azure.servicebus import (
    NEXT_AVAILABLE_SESSION,
    ServiceBusClient,
    ServiceBusMessage,
    ServiceBusMessageState,
    ServiceBusReceiveMode,
    ServiceBusSubQueue,
    TransportType,
)
from azure.servicebus.exceptions import MessageSizeExceededError, ServiceBusError
from azure.servicebus.management import ServiceBusAdministrationClient

CREDENTIAL = ManagedIdentityCredential(client_id=os.environ["AZURE_CLIENT_ID"])
CA_FILE = os.environ["CA_FILE"]
WEB = urlparse(os.environ["SERVICE_BUS_WEB"]).netloc


def client_by(transport, address):
    return ServiceBusClient(
        os.environ["SERVICE_BUS_HOST"],
        CREDENTIAL,
        custom_endpoint_address=address,
        transport_type=transport,
        connection_verify=CA_FILE,
        retry_total=0,
    )


CLIENT = client_by(TransportType.Amqp, os.environ["SERVICE_BUS_ADDRESS"])


def send(entity, *messages):
    with CLIENT.get_queue_sender(entity) as sender:
        sender.send_messages(list(messages))


def take(receiver, count=1):
    messages = []
    while len(messages) < count:
        came = receiver.receive_messages(count - len(messages), max_wait_time=5)
        assert came, "nothing came"
        messages += came
    return messages


def refused(expected, work):
    try:
        work()
    except expected as error:
        return error
    raise AssertionError("it was not refused")


def step_send():
    with CLIENT.get_queue_sender("python") as sender:
        sender.send_messages(ServiceBusMessage("one", application_properties={"yes": True, "n": 1}))
        batch = sender.create_message_batch()
        for body in ["two", "three", "four"]:
            batch.add_message(ServiceBusMessage(body))
        sender.send_messages(batch)


def step_settle():
    with CLIENT.get_queue_receiver("python") as receiver:
        one, two, three, four = take(receiver, 4)
        assert one.application_properties == {b"yes": True, b"n": 1}, one.application_properties
        receiver.complete_message(one)
        receiver.abandon_message(two)
        receiver.defer_message(three)
        receiver.dead_letter_message(four, reason="why", error_description="because")
        (deferred,) = receiver.receive_deferred_messages([three.sequence_number])
        receiver.complete_message(deferred)
        (again,) = take(receiver)
        assert (str(again), again.delivery_count) == ("two", 1)
        receiver.complete_message(again)


def step_dead_letters():
    with CLIENT.get_queue_receiver("python", sub_queue=ServiceBusSubQueue.DEAD_LETTER) as receiver:
        (letter,) = take(receiver)
        assert (letter.dead_letter_reason, letter.dead_letter_error_description) == ("why", "because")
        receiver.complete_message(letter)


def emptied(count):
    with CLIENT.get_queue_receiver("python", receive_mode=ServiceBusReceiveMode.RECEIVE_AND_DELETE) as receiver:
        take(receiver, count)


def step_receive_and_delete():
    send("python", ServiceBusMessage("1"), ServiceBusMessage("2"))
    emptied(2)


def step_renew():
    send("python", ServiceBusMessage("1"))
    with CLIENT.get_queue_receiver("python") as receiver:
        (message,) = take(receiver)
        before = message.locked_until_utc
        time.sleep(0.02)
        assert receiver.renew_message_lock(message) > before
        receiver.complete_message(message)


def step_peek():
    send("python", ServiceBusMessage("1"), ServiceBusMessage("2"))
    with CLIENT.get_queue_receiver("python") as receiver:
        assert len(receiver.peek_messages(5)) == 2
    emptied(2)


def step_schedule():
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=2)
    with CLIENT.get_queue_sender("python") as sender:
        first, second = sender.schedule_messages([ServiceBusMessage("no"), ServiceBusMessage("yes")], at)
        sender.cancel_scheduled_messages(first)
    with CLIENT.get_queue_receiver("python") as receiver:
        assert receiver.peek_messages(5)[0].state == ServiceBusMessageState.SCHEDULED
        (message,) = take(receiver)
        assert (str(message), message.enqueued_sequence_number) == ("yes", second)
        receiver.complete_message(message)


def step_sessions():
    send("python-sessions", ServiceBusMessage("1", session_id="one"), ServiceBusMessage("2", session_id="two"))
    with CLIENT.get_queue_receiver("python-sessions", session_id="one") as receiver:
        receiver.session.set_state(b"state")
        assert receiver.session.get_state() == b"state"
        receiver.session.renew_lock()
        receiver.complete_message(take(receiver)[0])
    with CLIENT.get_queue_receiver("python-sessions", session_id=NEXT_AVAILABLE_SESSION) as receiver:
        assert receiver.session.session_id == "two"
        receiver.complete_message(take(receiver)[0])


def step_topics():
    with CLIENT.get_topic_sender("python-topic") as sender:
        sender.send_messages(ServiceBusMessage("1"))
    with CLIENT.get_subscription_receiver("python-topic", "all") as receiver:
        receiver.complete_message(take(receiver)[0])


def step_not_found():
    refused(ServiceBusError, lambda: send("nothing", ServiceBusMessage("1")))


def step_too_large():
    refused(MessageSizeExceededError, lambda: send("python", ServiceBusMessage("x" * 2_000_000)))


def step_forwarding():
    receiver = CLIENT.get_queue_receiver("python-forwarding")
    error = refused(ServiceBusError, lambda: receiver.receive_messages(1, max_wait_time=2))
    assert "auto-forwarding enabled" in str(error), error


def step_administration():
    with ServiceBusAdministrationClient(
        WEB, CREDENTIAL, transport=RequestsTransport(connection_verify=CA_FILE), retry_total=0
    ) as administration:
        administration.create_queue("python-made", max_delivery_count=4)
        send("python-made", ServiceBusMessage("1"))
        assert administration.get_queue_runtime_properties("python-made").active_message_count == 1
        administration.delete_queue("python-made")
        assert "python-made" not in [queue.name for queue in administration.list_queues()]


def step_web_socket():
    with client_by(TransportType.AmqpOverWebsocket, f"sb://{WEB}") as web:
        with web.get_queue_sender("python") as sender:
            sender.send_messages(ServiceBusMessage("by web"))
        with web.get_queue_receiver("python") as receiver:
            (message,) = take(receiver)
            assert str(message) == "by web"
            receiver.complete_message(message)


def step_list_sessions():
    send("python-sessions", ServiceBusMessage("1", session_id="a"), ServiceBusMessage("2", session_id="b"))
    assert sorted(CLIENT.list_queue_sessions("python-sessions")) == ["a", "b"]


def main():
    for name, step in list(globals().items()):
        if not name.startswith("step_"):
            continue
        report = {"id": name.removeprefix("step_").replace("_", "-")}
        try:
            step()
        except Exception:  # pylint: disable=broad-except
            report["error"] = traceback.format_exc()
        print(json.dumps(report), flush=True)
    CLIENT.close()


main()

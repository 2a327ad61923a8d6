import com.azure.core.amqp.AmqpRetryOptions;
import com.azure.core.amqp.AmqpTransportType;
import com.azure.core.util.BinaryData;
import com.azure.identity.ManagedIdentityCredential;
import com.azure.identity.ManagedIdentityCredentialBuilder;
import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import com.azure.messaging.servicebus.ServiceBusException;
import com.azure.messaging.servicebus.ServiceBusFailureReason;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusMessageBatch;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverClient;
import com.azure.messaging.servicebus.ServiceBusRuleManagerClient;
import com.azure.messaging.servicebus.ServiceBusSenderClient;
import com.azure.messaging.servicebus.ServiceBusSessionReceiverClient;
import com.azure.messaging.servicebus.ServiceBusTransactionContext;
import com.azure.messaging.servicebus.administration.ServiceBusAdministrationClient;
import com.azure.messaging.servicebus.administration.ServiceBusAdministrationClientBuilder;
import com.azure.messaging.servicebus.administration.models.CreateQueueOptions;
import com.azure.messaging.servicebus.administration.models.CreateRuleOptions;
import com.azure.messaging.servicebus.administration.models.RuleProperties;
import com.azure.messaging.servicebus.administration.models.SqlRuleFilter;
import com.azure.messaging.servicebus.models.CompleteOptions;
import com.azure.messaging.servicebus.models.DeadLetterOptions;
import com.azure.messaging.servicebus.models.ServiceBusReceiveMode;
import com.azure.messaging.servicebus.models.SubQueue;
import java.net.URI;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Does what CAPABILITIES names, by azure-messaging-servicebus, and prints one line of JSON for each: {"id", "error"?}. */
public final class Client {
  private interface Step {
    void run() throws Exception;
  }

  private static final ManagedIdentityCredential CREDENTIAL =
      new ManagedIdentityCredentialBuilder().clientId(System.getenv("AZURE_CLIENT_ID")).build();
  private static final String WEB = URI.create(System.getenv("SERVICE_BUS_WEB")).getAuthority();

  public static void main(String[] arguments) {
    Map<String, Step> steps = new LinkedHashMap<>();
    steps.put("send", Client::send);
    steps.put("settle", Client::settle);
    steps.put("dead-letters", Client::deadLetters);
    steps.put("receive-and-delete", Client::receiveAndDelete);
    steps.put("renew", Client::renew);
    steps.put("peek", Client::peek);
    steps.put("schedule", Client::schedule);
    steps.put("sessions", Client::sessions);
    steps.put("topics", Client::topics);
    steps.put("not-found", Client::notFound);
    steps.put("too-large", Client::tooLarge);
    steps.put("forwarding", Client::forwarding);
    steps.put("administration", Client::administration);
    steps.put("web-socket", Client::webSocket);
    steps.put("rules", Client::rules);
    steps.put("transactions", Client::transactions);
    steps.forEach(Client::report);
    System.exit(0);
  }

  private static void report(String id, Step step) {
    String error = "";
    try {
      step.run();
    } catch (Throwable failure) {
      String words = String.valueOf(failure).replaceAll("[^ -!#-\\[\\]-~]", " ");
      error = ", \"error\": \"" + words + "\"";
    }
    System.out.println("{\"id\": \"" + id + "\"" + error + "}");
  }

  private static ServiceBusClientBuilder at(String address, AmqpTransportType transport) {
    return new ServiceBusClientBuilder()
        .credential(System.getenv("SERVICE_BUS_HOST"), CREDENTIAL)
        .customEndpointAddress(address)
        .transportType(transport)
        .retryOptions(new AmqpRetryOptions().setMaxRetries(0).setTryTimeout(Duration.ofSeconds(15)));
  }

  private static ServiceBusClientBuilder builder() {
    return at(System.getenv("SERVICE_BUS_ADDRESS").replace("sb://", "https://"), AmqpTransportType.AMQP);
  }

  private static ServiceBusSenderClient sender(String queue) {
    return builder().sender().queueName(queue).buildClient();
  }

  private static ServiceBusReceiverClient receiver() {
    return builder().receiver().queueName("java").disableAutoComplete().buildClient();
  }

  private static void put(String queue, ServiceBusMessage... messages) {
    try (ServiceBusSenderClient sender = sender(queue)) {
      for (ServiceBusMessage message : messages) sender.sendMessage(message);
    }
  }

  private static List<ServiceBusReceivedMessage> take(ServiceBusReceiverClient receiver, int count) {
    List<ServiceBusReceivedMessage> messages = new ArrayList<>();
    for (int tries = 0; tries < 5 && messages.size() < count; tries++) {
      receiver.receiveMessages(count - messages.size(), Duration.ofSeconds(5)).forEach(messages::add);
    }
    same(messages.size(), count);
    return messages;
  }

  private static void same(Object got, Object expected) {
    if (!Objects.equals(got, expected)) throw new AssertionError("got " + got + ", expected " + expected);
  }

  private static void send() {
    try (ServiceBusSenderClient sender = sender("java")) {
      ServiceBusMessage first = new ServiceBusMessage("one");
      first.getApplicationProperties().put("yes", true);
      first.getApplicationProperties().put("n", 1L);
      sender.sendMessage(first);
      ServiceBusMessageBatch batch = sender.createMessageBatch();
      for (String body : new String[] {"two", "three", "four"}) same(batch.tryAddMessage(new ServiceBusMessage(body)), true);
      sender.sendMessages(batch);
    }
  }

  private static void settle() {
    try (ServiceBusReceiverClient receiver = receiver()) {
      List<ServiceBusReceivedMessage> got = take(receiver, 4);
      same(got.get(0).getApplicationProperties().get("yes"), true);
      receiver.complete(got.get(0));
      receiver.abandon(got.get(1));
      receiver.defer(got.get(2));
      receiver.deadLetter(
          got.get(3), new DeadLetterOptions().setDeadLetterReason("why").setDeadLetterErrorDescription("because"));
      receiver.complete(receiver.receiveDeferredMessage(got.get(2).getSequenceNumber()));
      ServiceBusReceivedMessage again = take(receiver, 1).get(0);
      same(again.getBody() + " " + again.getDeliveryCount(), "two 1");
      receiver.complete(again);
    }
  }

  private static void deadLetters() {
    try (ServiceBusReceiverClient receiver =
        builder().receiver().queueName("java").subQueue(SubQueue.DEAD_LETTER_QUEUE).disableAutoComplete().buildClient()) {
      ServiceBusReceivedMessage letter = take(receiver, 1).get(0);
      same(letter.getDeadLetterReason() + " " + letter.getDeadLetterErrorDescription(), "why because");
      receiver.complete(letter);
    }
  }

  private static void empty(int count) {
    try (ServiceBusReceiverClient receiver =
        builder().receiver().queueName("java").receiveMode(ServiceBusReceiveMode.RECEIVE_AND_DELETE).buildClient()) {
      take(receiver, count);
    }
  }

  private static void receiveAndDelete() {
    put("java", new ServiceBusMessage("1"), new ServiceBusMessage("2"));
    empty(2);
  }

  private static void renew() throws InterruptedException {
    put("java", new ServiceBusMessage("1"));
    try (ServiceBusReceiverClient receiver = receiver()) {
      ServiceBusReceivedMessage message = take(receiver, 1).get(0);
      OffsetDateTime before = message.getLockedUntil();
      Thread.sleep(20);
      same(receiver.renewMessageLock(message).isAfter(before), true);
      receiver.complete(message);
    }
  }

  private static void peek() {
    put("java", new ServiceBusMessage("1"), new ServiceBusMessage("2"));
    try (ServiceBusReceiverClient receiver = receiver()) {
      same(receiver.peekMessages(5).stream().count(), 2L);
    }
    empty(2);
  }

  private static void schedule() {
    long second;
    try (ServiceBusSenderClient sender = sender("java")) {
      OffsetDateTime at = OffsetDateTime.now().plusSeconds(2);
      sender.cancelScheduledMessage(sender.scheduleMessage(new ServiceBusMessage("no"), at));
      second = sender.scheduleMessage(new ServiceBusMessage("yes"), at);
    }
    try (ServiceBusReceiverClient receiver = receiver()) {
      same(receiver.peekMessage().getState().toString(), "SCHEDULED");
      ServiceBusReceivedMessage message = take(receiver, 1).get(0);
      same(message.getBody() + " " + message.getEnqueuedSequenceNumber(), "yes " + second);
      receiver.complete(message);
    }
  }

  private static void sessions() {
    put(
        "java-sessions",
        new ServiceBusMessage("1").setSessionId("one"),
        new ServiceBusMessage("2").setSessionId("two"));
    try (ServiceBusSessionReceiverClient sessions =
        builder().sessionReceiver().queueName("java-sessions").disableAutoComplete().buildClient()) {
      try (ServiceBusReceiverClient named = sessions.acceptSession("one")) {
        named.setSessionState("state".getBytes());
        same(new String(named.getSessionState()), "state");
        named.renewSessionLock();
        named.complete(take(named, 1).get(0));
      }
      try (ServiceBusReceiverClient next = sessions.acceptNextSession()) {
        same(next.getSessionId(), "two");
        next.complete(take(next, 1).get(0));
      }
    }
  }

  private static void topics() {
    try (ServiceBusSenderClient sender = builder().sender().topicName("java-topic").buildClient();
        ServiceBusReceiverClient receiver =
            builder().receiver().topicName("java-topic").subscriptionName("all").disableAutoComplete().buildClient()) {
      sender.sendMessage(new ServiceBusMessage("1"));
      receiver.complete(take(receiver, 1).get(0));
    }
  }

  private static ServiceBusException refused(Runnable work) {
    try {
      work.run();
    } catch (ServiceBusException refusal) {
      return refusal;
    }
    throw new AssertionError("it was not refused");
  }

  private static void notFound() {
    ServiceBusException refusal = refused(() -> put("nothing", new ServiceBusMessage("1")));
    same(refusal.getReason(), ServiceBusFailureReason.MESSAGING_ENTITY_NOT_FOUND);
  }

  private static void tooLarge() {
    ServiceBusMessage large = new ServiceBusMessage(BinaryData.fromBytes(new byte[2_000_000]));
    same(refused(() -> put("java", large)).getReason(), ServiceBusFailureReason.MESSAGE_SIZE_EXCEEDED);
  }

  private static void forwarding() {
    try (ServiceBusReceiverClient receiver = builder().receiver().queueName("java-forwarding").buildClient()) {
      try {
        receiver.peekMessage();
      } catch (RuntimeException refusal) {
        same(String.valueOf(refusal.getMessage()).contains("auto-forwarding enabled"), true);
        return;
      }
      throw new AssertionError("it was not refused");
    }
  }

  private static void administration() {
    ServiceBusAdministrationClient client =
        new ServiceBusAdministrationClientBuilder()
            .endpoint("https://" + WEB)
            .credential(CREDENTIAL)
            // The library drops the port of its endpoint.
            .addPolicy(
                (call, next) -> {
                  call.getHttpRequest().setUrl(call.getHttpRequest().getUrl().toString().replace("localhost/", WEB + "/"));
                  return next.process();
                })
            .buildClient();
    client.createQueue("java-made", new CreateQueueOptions().setMaxDeliveryCount(4));
    put("java-made", new ServiceBusMessage("1"));
    same(client.getQueueRuntimeProperties("java-made").getActiveMessageCount(), 1);
    client.deleteQueue("java-made");
    same(client.getQueueExists("java-made"), false);
  }

  private static void webSocket() {
    String address = "https://" + WEB;
    try (ServiceBusSenderClient sender =
            at(address, AmqpTransportType.AMQP_WEB_SOCKETS).sender().queueName("java").buildClient();
        ServiceBusReceiverClient receiver =
            at(address, AmqpTransportType.AMQP_WEB_SOCKETS).receiver().queueName("java").disableAutoComplete().buildClient()) {
      sender.sendMessage(new ServiceBusMessage("by web"));
      ServiceBusReceivedMessage message = take(receiver, 1).get(0);
      same(message.getBody().toString(), "by web");
      receiver.complete(message);
    }
  }

  private static void rules() {
    try (ServiceBusRuleManagerClient rules =
        builder().ruleManager().topicName("java-topic").subscriptionName("all").buildClient()) {
      rules.createRule("red", new CreateRuleOptions(new SqlRuleFilter("colour = 'red'")));
      rules.deleteRule("$Default");
      List<String> names = new ArrayList<>();
      for (RuleProperties rule : rules.listRules()) names.add(rule.getName());
      same(names, List.of("red"));
    }
  }

  private static void transactions() {
    put("java", new ServiceBusMessage("in"));
    try (ServiceBusReceiverClient receiver = receiver();
        ServiceBusSenderClient sender = sender("java")) {
      ServiceBusReceivedMessage message = take(receiver, 1).get(0);
      ServiceBusTransactionContext kept = receiver.createTransaction();
      receiver.complete(message, new CompleteOptions().setTransactionContext(kept));
      same(receiver.peekMessages(5).stream().count(), 1L);
      receiver.commitTransaction(kept);
      ServiceBusTransactionContext sent = sender.createTransaction();
      sender.sendMessage(new ServiceBusMessage("out"), sent);
      same(receiver.peekMessages(5, 0).stream().count(), 0L);
      sender.commitTransaction(sent);
      ServiceBusTransactionContext dropped = sender.createTransaction();
      sender.sendMessage(new ServiceBusMessage("never"), dropped);
      sender.rollbackTransaction(dropped);
      same(receiver.peekMessages(5, 0).stream().count(), 1L);
    }
    empty(1);
  }
}

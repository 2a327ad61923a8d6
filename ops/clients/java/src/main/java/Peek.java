import com.azure.identity.ManagedIdentityCredentialBuilder;
import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverClient;

/** Peeks at the messages of an entity: the variables are the ones that {@code npm start -- --keep --client java} prints. */
public final class Peek {
  public static void main(String[] arguments) {
    String[] entity = System.getenv("SERVICE_BUS_ENTITY").split("/");
    ServiceBusClientBuilder builder =
        new ServiceBusClientBuilder()
            .credential(
                System.getenv("SERVICE_BUS_HOST"),
                new ManagedIdentityCredentialBuilder().clientId(System.getenv("AZURE_CLIENT_ID")).build())
            .customEndpointAddress(System.getenv("SERVICE_BUS_ADDRESS").replace("sb://", "https://"));
    ServiceBusClientBuilder.ServiceBusReceiverClientBuilder receivers = builder.receiver().disableAutoComplete();
    try (ServiceBusReceiverClient receiver =
        entity.length > 1
            ? receivers.topicName(entity[0]).subscriptionName(entity[1]).buildClient()
            : receivers.queueName(entity[0]).buildClient()) {
      int count = 0;
      for (ServiceBusReceivedMessage message : receiver.peekMessages(10)) {
        System.out.println(message.getSequenceNumber() + " " + message.getMessageId());
        count++;
      }
      System.out.println(count + " messages");
    }
    System.exit(0);
  }
}

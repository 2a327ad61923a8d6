// Peeks at the messages of an entity: the variables are the ones that `npm start -- --keep --client go` prints.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/Azure/azure-sdk-for-go/sdk/messaging/azservicebus"
)

func main() {
	if err := peek(); err != nil {
		log.Fatal(err)
	}
}

func peek() error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	authority, err := os.ReadFile(os.Getenv("CA_FILE"))
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	credential, err := azidentity.NewManagedIdentityCredential(&azidentity.ManagedIdentityCredentialOptions{
		ID: azidentity.ClientID(os.Getenv("AZURE_CLIENT_ID")),
	})
	if err != nil {
		return err
	}
	client, err := azservicebus.NewClient(os.Getenv("SERVICE_BUS_HOST"), credential, &azservicebus.ClientOptions{
		CustomEndpoint: strings.TrimPrefix(os.Getenv("SERVICE_BUS_ADDRESS"), "sb://"),
		TLSConfig:      &tls.Config{RootCAs: roots},
	})
	if err != nil {
		return err
	}
	defer client.Close(ctx)
	receiver, err := receiverFor(client, os.Getenv("SERVICE_BUS_ENTITY"))
	if err != nil {
		return err
	}
	messages, err := receiver.PeekMessages(ctx, 10, nil)
	if err != nil {
		return err
	}
	for _, message := range messages {
		fmt.Println(*message.SequenceNumber, message.MessageID)
	}
	fmt.Println(len(messages), "messages")
	return nil
}

func receiverFor(client *azservicebus.Client, entity string) (*azservicebus.Receiver, error) {
	if topic, subscription, isSubscription := strings.Cut(entity, "/"); isSubscription {
		return client.NewReceiverForSubscription(topic, subscription, nil)
	}
	return client.NewReceiverForQueue(entity, nil)
}

/** An application that keeps something in Azure Storage, as it is deployed: nothing in it knows of a test. */
import { DefaultAzureCredential } from '@azure/identity'
import { BlobServiceClient } from '@azure/storage-blob'

/** Writes a blob, and says what is in it. */
export async function writeAndRead({ account, text, options }) {
  const service = new BlobServiceClient(account, new DefaultAzureCredential(), options)
  const container = service.getContainerClient('orders')
  await container.createIfNotExists()
  const blob = container.getBlockBlobClient('first.txt')
  await blob.upload(text, Buffer.byteLength(text))
  return (await blob.downloadToBuffer()).toString()
}

// An application that keeps something in Azure Storage, as it is deployed: nothing in it knows of a double.
import { DefaultAzureCredential } from '@azure/identity'
import { BlobServiceClient } from '@azure/storage-blob'

const service = new BlobServiceClient(process.env.STORAGE_ACCOUNT_URL, new DefaultAzureCredential())
const container = service.getContainerClient('orders')
await container.createIfNotExists()
const blob = container.getBlockBlobClient('first.txt')
const text = 'the first order'
await blob.upload(text, text.length)
console.log((await blob.downloadToBuffer()).toString())

import { storeContract } from '../contract/store.contract.ts'
import { SlowStore } from '../support/slow_store.ts'

storeContract('a store that takes a while', (clock) => new SlowStore(clock))

import { startDynamodb } from '../../local/standins/dynamodb.ts';
import { answerParent } from './messages.ts';
import { usageNow } from './usage.ts';

answerParent({
  usage: usageNow,
  start: async (folder: string | undefined) => {
    const { endpoint } = await startDynamodb({ tableName: 'flowferry', folder });
    return endpoint;
  },
});

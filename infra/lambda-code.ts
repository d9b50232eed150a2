import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { bundle, entryFolder } from './bundling.ts';

/**
 * The code of one function's folder, bundled on this machine while the app is synthesized.
 * @throws EntryMissingError at once where the folder has no `index.ts`; BundleTooLargeError where a cold start
 * would load more than the function's budget.
 */
export function codeOf(name: string, functionsFolder?: string): AssetCode {
  const folder = entryFolder(name, functionsFolder);
  return Code.fromAsset(folder, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // CDK wants an image for the case that local bundling declines. It never does.
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle(outputFolder) {
          bundle(name, folder, outputFolder);
          return true;
        },
      },
    },
  });
}

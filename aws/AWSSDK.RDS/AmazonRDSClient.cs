using Amazon.RDS.Internal;
using Amazon.Runtime.Internal;

namespace Amazon.RDS;

public partial class AmazonRDSClient
{
    partial void CustomizePipeline(RuntimePipeline pipeline) => pipeline.AddHandlerBefore<Marshaller>(new PreSignedUrlHandler());
}

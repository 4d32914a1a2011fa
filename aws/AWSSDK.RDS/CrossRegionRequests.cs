using Amazon.RDS.Internal;

// The requests that act on a source in another Region. SourceRegion is the SDK's own: it is not sent, it asks for the presigned URL.
namespace Amazon.RDS.Model
{
    public partial class CopyDBSnapshotRequest : ICrossRegionRequest
    {
        /// <summary>The Region of the source snapshot; when set, and <see cref="PreSignedUrl"/> is not, the client presigns the call for that Region.</summary>
        public string? SourceRegion { get; set; }
    }

    public partial class CopyDBClusterSnapshotRequest : ICrossRegionRequest
    {
        /// <inheritdoc cref="CopyDBSnapshotRequest.SourceRegion"/>
        public string? SourceRegion { get; set; }
    }

    public partial class CreateDBClusterRequest : ICrossRegionRequest
    {
        /// <inheritdoc cref="CopyDBSnapshotRequest.SourceRegion"/>
        public string? SourceRegion { get; set; }
    }

    public partial class CreateDBInstanceReadReplicaRequest : ICrossRegionRequest
    {
        /// <inheritdoc cref="CopyDBSnapshotRequest.SourceRegion"/>
        public string? SourceRegion { get; set; }
    }

    public partial class StartDBInstanceAutomatedBackupsReplicationRequest : ICrossRegionRequest
    {
        /// <inheritdoc cref="CopyDBSnapshotRequest.SourceRegion"/>
        public string? SourceRegion { get; set; }
    }
}

namespace Amazon.RDS.Internal
{
    /// <summary>A request whose source is in another Region.</summary>
    internal interface ICrossRegionRequest
    {
        string? SourceRegion { get; }

        string? PreSignedUrl { get; set; }
    }
}

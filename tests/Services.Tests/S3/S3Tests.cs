using System.Net;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using AwsCompat.Server;
using Dbre.Lab.Services.S3;
using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.S3;

public sealed class S3Tests : IDisposable
{
    private const string Bucket = "evidence";
    private readonly EmulatedCloud cloud = new EmulatedCloud().With(world => new S3Service(world));
    private readonly AmazonS3Client s3;

    public S3Tests() => s3 = Client(EmulatedCloud.Operator);

    public void Dispose() => s3.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task GetObject_gives_back_what_was_put_by_path_or_host(bool pathStyle)
    {
        using var client = Client(EmulatedCloud.Operator, pathStyle);
        await client.PutBucketAsync(Bucket);

        var put = await Put(client, "a b/ü+%.json", "{}");
        using var found = await client.GetObjectAsync(Bucket, "a b/ü+%.json");

        put.ETag.ShouldBe("\"99914b932bd37a50b983c5e7c90ae93b\"");
        (await new StreamReader(found.ResponseStream).ReadToEndAsync()).ShouldBe("{}");
        found.Headers.ContentType.ShouldBe("application/json");
        found.Metadata["x-amz-meta-operation"].ShouldBe("snapshot-copy");
        found.ETag.ShouldBe(put.ETag);
        found.ServerSideEncryptionMethod.ShouldBe(ServerSideEncryptionMethod.AES256);
    }

    [Theory]
    [InlineData("CRC32")]
    [InlineData("SHA1")]
    [InlineData("SHA256")]
    public async Task PutObject_checks_each_checksum(string algorithm)
    {
        await s3.PutBucketAsync(Bucket);
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = "k", ContentBody = "123456789", ChecksumAlgorithm = ChecksumAlgorithm.FindValue(algorithm) });

        using var found = await s3.GetObjectAsync(new GetObjectRequest { BucketName = Bucket, Key = "k", ChecksumMode = ChecksumMode.ENABLED });

        (await new StreamReader(found.ResponseStream).ReadToEndAsync()).ShouldBe("123456789");
    }

    [Theory]
    [InlineData("x-amz-checksum-crc32", "y/Q5Jg==")]
    [InlineData("x-amz-checksum-crc32c", "4waSgw==")]
    [InlineData("x-amz-checksum-crc64nvme", "rosUhgp5mIg=")]
    public void Checksums_of_the_check_string_are_the_published_ones(string header, string value) =>
        // CRC RevEng's catalogue: check values of "123456789" are cbf43926, e3069283 and ae8b14860a799888.
        Checksums.Verify(new Dictionary<string, string> { [header] = value }, "123456789"u8).Count.ShouldBe(1);

    [Fact]
    public async Task PutObject_with_a_wrong_checksum_is_refused()
    {
        await s3.PutBucketAsync(Bucket);

        var refusal = await Should.ThrowAsync<AmazonS3Exception>(() => s3.PutObjectAsync(new PutObjectRequest
        {
            BucketName = Bucket, Key = "k", ContentBody = "body", ChecksumSHA256 = Convert.ToBase64String(new byte[32]),
        }));

        refusal.ErrorCode.ShouldBe("BadDigest");
        await Missing("k");
    }

    [Fact]
    public async Task PutObject_with_IfNoneMatch_writes_once_and_with_IfMatch_only_over_what_it_saw()
    {
        await s3.PutBucketAsync(Bucket);
        var first = await s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = "k", ContentBody = "1", IfNoneMatch = "*" });

        (await Should.ThrowAsync<AmazonS3Exception>(() => s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = "k", ContentBody = "2", IfNoneMatch = "*" }))).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = "k", ContentBody = "2", IfMatch = first.ETag });
        (await Should.ThrowAsync<AmazonS3Exception>(() => s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = "k", ContentBody = "3", IfMatch = first.ETag }))).ErrorCode.ShouldBe("PreconditionFailed");
        (await Text("k")).ShouldBe("2");
    }

    [Fact]
    public async Task DeleteObject_in_a_versioned_bucket_hides_and_never_loses()
    {
        await s3.PutBucketAsync(Bucket);
        await s3.PutBucketVersioningAsync(new PutBucketVersioningRequest { BucketName = Bucket, VersioningConfig = new() { Status = VersionStatus.Enabled } });
        var first = await Put(s3, "k", "1");
        var second = await Put(s3, "k", "2");

        var deleted = await s3.DeleteObjectAsync(Bucket, "k");

        await Missing("k");
        (await Text("k", first.VersionId)).ShouldBe("1");
        var versions = (await s3.ListVersionsAsync(Bucket)).Versions;
        versions.Select(v => (v.VersionId, v.IsLatest == true, v.IsDeleteMarker == true)).ShouldBe([(deleted.VersionId, true, true), (second.VersionId, false, false), (first.VersionId, false, false)]);
        await s3.DeleteObjectAsync(Bucket, "k", deleted.VersionId);
        (await Text("k")).ShouldBe("2");
    }

    [Fact]
    public async Task DeleteObject_of_a_locked_version_is_refused_until_its_retention_ends()
    {
        var version = await LockedObject("COMPLIANCE");

        (await Should.ThrowAsync<AmazonS3Exception>(() => s3.DeleteObjectAsync(Bucket, "k", version))).ErrorCode.ShouldBe("AccessDenied");
        (await Should.ThrowAsync<AmazonS3Exception>(() => s3.DeleteObjectAsync(new DeleteObjectRequest { BucketName = Bucket, Key = "k", VersionId = version, BypassGovernanceRetention = true }))).ErrorCode.ShouldBe("AccessDenied");
        cloud.Clock.Advance(TimeSpan.FromDays(31));
        await s3.DeleteObjectAsync(Bucket, "k", version);
        (await s3.ListVersionsAsync(Bucket)).Versions.ShouldBeNull();
    }

    [Fact]
    public async Task DeleteObject_under_governance_goes_with_the_permission_to_bypass_only()
    {
        var version = await LockedObject("GOVERNANCE");
        using var janitor = Client(cloud.Role("janitor", EmulatedCloud.Allow("s3:DeleteObject*", "*")));
        var delete = new DeleteObjectRequest { BucketName = Bucket, Key = "k", VersionId = version, BypassGovernanceRetention = true };

        (await Should.ThrowAsync<AmazonS3Exception>(() => janitor.DeleteObjectAsync(delete))).Message.ShouldContain("s3:BypassGovernanceRetention");
        await s3.DeleteObjectAsync(delete);
    }

    [Fact]
    public async Task ListObjects_pages_and_folds_by_delimiter()
    {
        await s3.PutBucketAsync(Bucket);
        foreach (var key in new[] { "a/1", "a/2", "b/1", "c", "a/3/x" })
        {
            await Put(s3, key, key);
        }

        var folded = await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket, Delimiter = "/" });
        var seen = new List<string>();
        await foreach (var found in s3.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = Bucket, Prefix = "a/", MaxKeys = 2 }).S3Objects)
        {
            seen.Add(found.Key);
        }

        folded.CommonPrefixes.ShouldBe(["a/", "b/"]);
        folded.S3Objects.Select(o => o.Key).ShouldBe(["c"]);
        seen.ShouldBe(["a/1", "a/2", "a/3/x"]);
    }

    [Fact]
    public async Task DeleteObjects_removes_many_in_one_call()
    {
        await s3.PutBucketAsync(Bucket);
        await Put(s3, "a", "1");
        await Put(s3, "b", "1");

        var answer = await s3.DeleteObjectsAsync(new DeleteObjectsRequest { BucketName = Bucket, Objects = [new() { Key = "a" }, new() { Key = "b" }, new() { Key = "never" }] });

        answer.DeletedObjects.Count.ShouldBe(3);
        await s3.DeleteBucketAsync(Bucket);
    }

    [Fact]
    public async Task Presigned_url_opens_the_object_until_it_expires()
    {
        await s3.PutBucketAsync(Bucket);
        await Put(s3, "k", "content");
        var url = new Uri(await s3.GetPreSignedURLAsync(new GetPreSignedUrlRequest { BucketName = Bucket, Key = "k", Verb = HttpVerb.GET, Expires = DateTime.UnixEpoch + TimeProvider.System.GetUtcNow().AddMinutes(5).Subtract(DateTimeOffset.UnixEpoch), Protocol = Protocol.HTTP }));
        WireRequest Ask(string query) => new("GET", url.AbsolutePath, query, new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Host"] = url.Host }, default);

        (await cloud.Gateway.Handle(Ask(url.Query.TrimStart('?')))).Status.ShouldBe(200);
        (await cloud.Gateway.Handle(Ask(url.Query.TrimStart('?').Replace("X-Amz-Expires=", "X-Amz-Expires=1", StringComparison.Ordinal)))).Status.ShouldBe(403);
        (await cloud.Gateway.Handle(Ask(""))).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Bucket_under_a_customers_key_asks_for_the_key_too()
    {
        await s3.PutBucketAsync(Bucket);
        await s3.PutBucketEncryptionAsync(new PutBucketEncryptionRequest
        {
            BucketName = Bucket,
            ServerSideEncryptionConfiguration = new() { ServerSideEncryptionRules = [new() { ServerSideEncryptionByDefault = new() { ServerSideEncryptionAlgorithm = ServerSideEncryptionMethod.AWSKMS, ServerSideEncryptionKeyManagementServiceKeyId = await CustomerKey() } }] },
        });
        using var writer = Client(cloud.Role("writer", EmulatedCloud.Allow("s3:*", "*")));

        (await Should.ThrowAsync<AmazonS3Exception>(() => Put(writer, "k", "x"))).Message.ShouldContain("kms:GenerateDataKey");
        (await Put(s3, "k", "x")).ServerSideEncryptionMethod.ShouldBe(ServerSideEncryptionMethod.AWSKMS);
        (await Should.ThrowAsync<AmazonS3Exception>(() => writer.GetObjectAsync(Bucket, "k"))).Message.ShouldContain("kms:Decrypt");
    }

    [Fact]
    public async Task Object_that_is_missing_is_told_only_to_those_who_may_list()
    {
        await s3.PutBucketAsync(Bucket);
        using var reader = Client(cloud.Role("reader", EmulatedCloud.Allow("s3:GetObject", "arn:aws:s3:::evidence/*")));

        (await Should.ThrowAsync<AmazonS3Exception>(() => reader.GetObjectAsync(Bucket, "none"))).ErrorCode.ShouldBe("AccessDenied");
        await Missing("none");
    }

    [Fact]
    public async Task Bucket_of_another_region_or_account_is_refused()
    {
        await s3.PutBucketAsync(Bucket);
        using var elsewhere = Client(EmulatedCloud.Operator, region: "eu-west-1");
        using var stranger = Client(EmulatedCloud.OtherOperator);

        (await Should.ThrowAsync<AmazonS3Exception>(() => elsewhere.ListObjectsV2Async(new() { BucketName = Bucket }))).Message.ShouldContain("expecting 'us-east-1'");
        (await Should.ThrowAsync<AmazonS3Exception>(() => stranger.ListObjectsV2Async(new() { BucketName = Bucket }))).ErrorCode.ShouldBe("AccessDenied");
        (await Should.ThrowAsync<AmazonS3Exception>(() => stranger.PutBucketAsync(Bucket))).ErrorCode.ShouldBe("BucketAlreadyExists");
    }

    [Fact]
    public async Task Operation_that_is_not_emulated_is_refused_by_name()
    {
        await s3.PutBucketAsync(Bucket);

        (await Should.ThrowAsync<AmazonS3Exception>(() => s3.InitiateMultipartUploadAsync(Bucket, "k"))).Message.ShouldBe("The lab does not emulate POST of an object's uploads of S3.");
        (await Should.ThrowAsync<AmazonS3Exception>(() => s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = "k", ContentBody = "x", StorageClass = S3StorageClass.Glacier })))
            .Message.ShouldBe("The lab does not emulate the header x-amz-storage-class (PUT) of S3.");
    }

    private async Task<string> LockedObject(string mode)
    {
        await s3.PutBucketAsync(new PutBucketRequest { BucketName = Bucket, ObjectLockEnabledForBucket = true });
        await s3.PutObjectLockConfigurationAsync(new PutObjectLockConfigurationRequest
        {
            BucketName = Bucket,
            ObjectLockConfiguration = new() { ObjectLockEnabled = ObjectLockEnabled.Enabled, Rule = new() { DefaultRetention = new() { Mode = mode, Days = 30 } } },
        });
        return (await Put(s3, "k", "1")).VersionId;
    }

    private async Task<string> CustomerKey()
    {
        using var kms = new Amazon.KeyManagementService.AmazonKeyManagementServiceClient(EmulatedCloud.Operator, cloud.Config<Amazon.KeyManagementService.AmazonKeyManagementServiceConfig>());
        return (await kms.CreateKeyAsync(new())).KeyMetadata.Arn;
    }

    private async Task<string> Text(string key, string? version = null)
    {
        using var found = await s3.GetObjectAsync(new GetObjectRequest { BucketName = Bucket, Key = key, VersionId = version });
        return await new StreamReader(found.ResponseStream, Encoding.UTF8).ReadToEndAsync();
    }

    private async Task Missing(string key) =>
        (await Should.ThrowAsync<AmazonS3Exception>(() => s3.GetObjectAsync(Bucket, key))).ErrorCode.ShouldBe("NoSuchKey");

    private static Task<PutObjectResponse> Put(AmazonS3Client client, string key, string content)
    {
        var request = new PutObjectRequest { BucketName = Bucket, Key = key, ContentBody = content, ContentType = "application/json" };
        request.Metadata["operation"] = "snapshot-copy";
        return client.PutObjectAsync(request);
    }

    private AmazonS3Client Client(AWSCredentials credentials, bool pathStyle = true, string region = "us-east-1")
    {
        var config = cloud.Config<AmazonS3Config>(region);
        config.ForcePathStyle = pathStyle;
        return new AmazonS3Client(credentials, config);
    }
}

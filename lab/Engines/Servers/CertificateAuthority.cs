using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Dbre.Lab.Engines.Servers;

/// <summary>
/// The lab's own certificate authority, made at set-up: clients check servers against it as they check RDS against AWS's bundle.
/// Its key is never written: after set-up nothing more can be signed with it.
/// </summary>
internal static class CertificateAuthority
{
    private const int Years = 10;

    /// <summary>When certificates made now expire.</summary>
    internal static DateTimeOffset ValidTill(DateTimeOffset now) => now.AddYears(Years);

    /// <summary>Writes the authority's certificate, and one with its key for servers on 127.0.0.1 and localhost.</summary>
    internal static void Write(string authorityFile, string serverFile, string serverKeyFile, DateTimeOffset now)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=DBRE lab RDS root", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        authorityRequest.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(authorityRequest.PublicKey, false));
        var (from, till) = (now.AddDays(-1), ValidTill(now));
        using var authority = authorityRequest.CreateSelfSigned(from, till);

        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var serverRequest = new CertificateRequest("CN=127.0.0.1", serverKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        serverRequest.CertificateExtensions.Add(names.Build());
        serverRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        serverRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        serverRequest.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        serverRequest.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        using var server = serverRequest.Create(authority, from, till, RandomNumberGenerator.GetBytes(16));

        File.WriteAllText(authorityFile, authority.ExportCertificatePem() + "\n");
        File.WriteAllText(serverFile, server.ExportCertificatePem() + "\n");
        SecretFile.Write(serverKeyFile, serverKey.ExportPkcs8PrivateKeyPem() + "\n");
    }
}

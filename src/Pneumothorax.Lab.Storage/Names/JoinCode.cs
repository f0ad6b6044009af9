using System.Security.Cryptography;
using System.Text;

namespace Pneumothorax.Lab.Storage.Names;

/// <summary>What one types to join a section, in whatever case and with whatever spaces and hyphens.</summary>
public static class JoinCode
{
    public const int Length = 40;

    // Nothing that is read as something else: no 0 and O, 1 and I and L, 5 and S, 2 and Z, 8 and B, U and V.
    private const string Letters = "ACDEFGHJKMNPQRTWXY";

    /// <returns>Six letters, such as "QRTXYA".</returns>
    public static string New() => new(RandomNumberGenerator.GetItems<char>(Letters, 6));

    /// <returns>Letters and digits only, in capitals; empty for a code that has none.</returns>
    public static string Normalised(string code) => new([.. code.Where(char.IsLetterOrDigit).Select(char.ToUpperInvariant)]);

    /// <summary>By this one looks up a code: how long that takes tells nothing about it.</summary>
    public static string HashOf(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Normalised(code))));
}

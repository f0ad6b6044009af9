using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Web.Hosting;

namespace Pneumothorax.Lab.Web.Classroom;

/// <summary>What opens the lab: the instructor's token and the class's code. Set by the host, or made up once and kept.</summary>
public sealed class ClassKeys
{
    // Nothing that is read as something else: no 0 and O, 1 and I and L, 5 and S, 2 and Z, 8 and B, U and V.
    private const string Letters = "ACDEFGHJKMNPQRTWXY";
    private const int SafeTokenLength = 12;

    private ClassKeys(string instructorToken, string classCode) => (InstructorToken, ClassCode) = (instructorToken, classCode);

    public string InstructorToken { get; }

    public string ClassCode { get; }

    /// <summary>A sentence for whoever starts the portal with a token that can be guessed; null where all is well.</summary>
    public string? Warning => InstructorToken.Length < SafeTokenLength
        ? $"Lab__InstructorToken is short. Give it at least {SafeTokenLength} letters before others can reach this address."
        : null;

    /// <exception cref="IOException">The kept keys cannot be read or written.</exception>
    internal static ClassKeys Load(LabPaths paths, IConfiguration configuration)
    {
        var path = Path.Combine(paths.DataDirectory, "class.json");
        var kept = Read(path) ?? Keep(path, new(Token(), new(RandomNumberGenerator.GetItems<char>(Letters, 6))));
        var token = configuration["Lab:InstructorToken"] is { Length: > 0 } chosenToken ? chosenToken : kept.InstructorToken;
        var code = configuration["Lab:ClassCode"] is { Length: > 0 } chosenCode ? chosenCode : kept.ClassCode;
        if (Normalised(code).Length == 0) throw new SettingException("Lab__ClassCode needs letters or digits.");
        return new(token, code);
    }

    /// <summary>Compares in constant time, whatever case, spaces and hyphens were typed.</summary>
    public bool IsClassCode(string? typed) =>
        CryptographicOperations.FixedTimeEquals(Sha256(Normalised(typed ?? "")), Sha256(Normalised(ClassCode)));

    /// <summary>A token that nobody guesses, fit for addresses.</summary>
    internal static string Token() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));

    /// <summary>Tokens are long and random, so a plain hash keeps them safe.</summary>
    internal static string HashOf(string token) => Convert.ToHexStringLower(Sha256(token));

    private static byte[] Sha256(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static string Normalised(string code) => new([.. code.Where(char.IsLetterOrDigit).Select(char.ToUpperInvariant)]);

    private static Kept? Read(string path)
    {
        try { return JsonSerializer.Deserialize<Kept>(File.ReadAllText(path), LabJson.Document); }
        catch (FileNotFoundException) { return null; }
        catch (JsonException exception) { throw new IOException($"{path} is damaged ({exception.Message}) Delete it to get a new token and class code.", exception); }
    }

    private static Kept Keep(string path, Kept keys)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(temporary, options)) JsonSerializer.Serialize(file, keys, LabJson.Document);
        try
        {
            File.Move(temporary, path);
            return keys;
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another portal on this directory was first: its keys count.
            File.Delete(temporary);
            return Read(path)!;
        }
    }

    private sealed record Kept(string InstructorToken, string ClassCode);
}

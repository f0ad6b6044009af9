using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Storage.Names;

namespace Pneumothorax.Lab.Classroom.SignIn;

/// <summary>What opens the lab: the instructor's token and the class's code. Set by the host, or made up once and kept.</summary>
public sealed class ClassKeys
{
    private const int LeastTokenLength = 12;
    private const int LeastTokenLetters = 5;
    private const int MadeBytes = 20;

    private ClassKeys(string instructorToken, string classCode, bool isClassCodeSet) =>
        (InstructorToken, ClassCode, IsClassCodeSet) = (instructorToken, classCode, isClassCodeSet);

    public string InstructorToken { get; }

    /// <summary>Code of the default section at its first start; from then on its row has it.</summary>
    public string ClassCode { get; }

    /// <summary>The host has set the class's code: it counts at every start.</summary>
    public bool IsClassCodeSet { get; }

    /// <exception cref="IOException">The kept keys cannot be read or written.</exception>
    /// <exception cref="SettingException">A setting has a value that cannot be used, such as a token that can be guessed.</exception>
    public static ClassKeys Load(LabPaths paths, IConfiguration configuration)
    {
        var path = Path.Combine(paths.DataDirectory, "class.json");
        var kept = Read(path) ?? Keep(path, new(Token(), JoinCode.New()));
        var token = configuration["Lab:InstructorToken"] is { Length: > 0 } chosenToken ? chosenToken : kept.InstructorToken;
        if (token.Length < LeastTokenLength || token.Distinct().Count() < LeastTokenLetters)
        {
            throw new SettingException(
                $"Lab__InstructorToken is too easy to guess. It needs at least {LeastTokenLength} characters, {LeastTokenLetters} of them different; create one with \"openssl rand -hex {MadeBytes}\", or leave it unset and the lab creates one.");
        }
        var chosenCode = configuration["Lab:ClassCode"];
        var code = string.IsNullOrEmpty(chosenCode) ? kept.ClassCode : chosenCode;
        if (JoinCode.Normalised(code).Length == 0) throw new SettingException("Lab__ClassCode needs letters or digits.");
        if (code.Length > JoinCode.Length) throw new SettingException($"Lab__ClassCode can have at most {JoinCode.Length} characters.");
        return new(token, code, isClassCodeSet: !string.IsNullOrEmpty(chosenCode));
    }

    /// <summary>A token that nobody guesses, fit for addresses.</summary>
    public static string Token() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(MadeBytes));

    /// <returns>Whether this has the form of <see cref="Token"/>: what else is sent is of somebody's own choice, and may be guessed.</returns>
    public static bool IsMade(string? token) => token?.Length == 2 * MadeBytes && token.All(char.IsAsciiHexDigitLower);

    /// <summary>Tokens are long and random, so a plain hash keeps them safe.</summary>
    public static string HashOf(string token) => Convert.ToHexStringLower(Sha256(token));

    private static byte[] Sha256(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static Kept? Read(string path)
    {
        try { return JsonSerializer.Deserialize<Kept>(File.ReadAllText(path), LabJson.Document); }
        catch (FileNotFoundException) { return null; }
        catch (JsonException exception) { throw new IOException($"{path} is damaged ({exception.Message}) Delete it to get a new token and class code.", exception); }
    }

    private static Kept Keep(string path, Kept keys)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            AtomicFile.Write(path, Write, replace: false, hasRivals: true);
            return keys;
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another portal on this directory was first: its keys count.
            return Read(path)!;
        }

        void Write(string temporary)
        {
            using var file = new FileStream(temporary, options);
            JsonSerializer.Serialize(file, keys, LabJson.Document);
        }
    }

    private sealed record Kept(string InstructorToken, string ClassCode);
}

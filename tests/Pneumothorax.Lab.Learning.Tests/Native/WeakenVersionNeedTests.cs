using System.Buffers.Binary;
using System.Text;

namespace Pneumothorax.Lab.Learning.Tests.Native;

/// <summary>Reads the section .gnu.version_r of the file that the build left in the output, on its own terms.</summary>
public sealed class WeakenVersionNeedTests
{
    private const string Version = "GLIBCXX_3.4.32";

    [Fact]
    public void OutputCopy_NeedsTheNewVersionWeaklyOnly()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has the file.");

        var needs = VersionNeeds(TorchSharpIn(AppContext.BaseDirectory));

        Assert.True(needs[Version].HasFlag(NeedFlags.Weak));
        Assert.All(needs.Where(need => need.Key != Version), need => Assert.Equal(NeedFlags.None, need.Value));
    }

    [Fact]
    public void PackageCache_IsLeftAsItWas()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has the file.");
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var package = Path.Combine(cache, "torchsharp", "0.107.0");
        Assert.SkipUnless(Directory.Exists(package), "The package cache lies elsewhere.");

        Assert.Equal(NeedFlags.None, VersionNeeds(TorchSharpIn(package))[Version]);
    }

    [Flags]
    private enum NeedFlags : ushort
    {
        None = 0,
        Weak = 2,
    }

    private static string TorchSharpIn(string folder) =>
        Directory.EnumerateFiles(folder, "libLibTorchSharp.so", SearchOption.AllDirectories).First(path => path.Contains("linux-x64"));

    /// <summary>Walks Elf64_Verneed and Elf64_Vernaux; both are little endian on x64.</summary>
    private static Dictionary<string, NeedFlags> VersionNeeds(string path)
    {
        var elf = File.ReadAllBytes(path).AsSpan();
        var needs = new Dictionary<string, NeedFlags>();
        var sections = (int)BinaryPrimitives.ReadInt64LittleEndian(elf[0x28..]);
        for (var i = 0; i < BinaryPrimitives.ReadUInt16LittleEndian(elf[0x3c..]); i++)
        {
            var section = elf.Slice(sections + i * 64, 64);
            if (BinaryPrimitives.ReadUInt32LittleEndian(section[4..]) != 0x6ffffffe) continue;

            var strings = elf.Slice(sections + BinaryPrimitives.ReadInt32LittleEndian(section[0x28..]) * 64, 64);
            var names = elf[(int)BinaryPrimitives.ReadInt64LittleEndian(strings[0x18..])..];
            var need = elf[(int)BinaryPrimitives.ReadInt64LittleEndian(section[0x18..])..];
            for (var files = BinaryPrimitives.ReadInt32LittleEndian(section[0x2c..]); files > 0; files--)
            {
                var entry = need[BinaryPrimitives.ReadInt32LittleEndian(need[8..])..];
                for (var left = BinaryPrimitives.ReadUInt16LittleEndian(need[2..]); left > 0; left--)
                {
                    var name = names[BinaryPrimitives.ReadInt32LittleEndian(entry[8..])..];
                    needs[Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)])] = (NeedFlags)BinaryPrimitives.ReadUInt16LittleEndian(entry[4..]);
                    entry = entry[BinaryPrimitives.ReadInt32LittleEndian(entry[12..])..];
                }
                need = need[BinaryPrimitives.ReadInt32LittleEndian(need[12..])..];
            }
        }
        return needs;
    }
}

namespace Pneumothorax.Lab.Experiments.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-atomic-").FullName;

    private string Target => Path.Combine(_folder, "run.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Write_ThatFails_LeavesTheOldFileAndNothingElse()
    {
        AtomicFile.WriteText(Target, "old");

        foreach (var hasRivals in (bool[])[false, true])
        {
            Assert.Throws<IOException>(() => AtomicFile.Write(Target, Fail, hasRivals: hasRivals));
        }

        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFiles(_folder));

        static void Fail(string temporary)
        {
            File.WriteAllText(temporary, "half of ");
            throw new IOException("No space left on device");
        }
    }

    [Fact]
    public async Task Write_ThatMayNotReplace_KeepsWhoWasFirst()
    {
        AtomicFile.WriteText(Target, "first");

        await Assert.ThrowsAsync<IOException>(() => AtomicFile.WriteAsync(Target, temporary => File.WriteAllTextAsync(temporary, "second"), replace: false));

        Assert.Equal("first", await File.ReadAllTextAsync(Target, TestContext.Current.CancellationToken));
        Assert.Equal([Target], Directory.GetFiles(_folder));
    }

    /// <summary>A process that was killed leaves its temporary file; the next one does not stumble over it.</summary>
    [Fact]
    public void Write_AfterAKilledWriter_Replaces()
    {
        File.WriteAllText(Target + ".part", "a longer text that somebody was writing");

        AtomicFile.WriteText(Target, "new");

        Assert.Equal("new", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFiles(_folder));
    }
}

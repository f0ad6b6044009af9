using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Storage;

namespace Pneumothorax.Lab;

/// <summary>A database file with its tables, made once in a test process. A lab gets a copy: making the tables costs half a second of computing each time.</summary>
internal static class DatabaseTemplate
{
    private static readonly Lazy<byte[]> s_file = new(Make);

    /// <summary>Leaves a file that is there as it is.</summary>
    public static void CopyTo(string path)
    {
        if (!File.Exists(path)) File.WriteAllBytes(path, s_file.Value);
    }

    private static byte[] Make()
    {
        var folder = Directory.CreateTempSubdirectory("lab-template-");
        try
        {
            var path = Path.Combine(folder.FullName, "lab.db");
            // Without a pool the file is closed, and its log written back, when the context is disposed.
            var connection = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString;
            using (var db = new LabDbContext(new DbContextOptionsBuilder<LabDbContext>().UseSqlite(connection).Options)) db.Database.Migrate();
            return File.ReadAllBytes(path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
